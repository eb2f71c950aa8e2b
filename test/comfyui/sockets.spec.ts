import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { Bench, pinged, until } from './bench.js';

const bench = new Bench();

afterEach(() => bench.server.kill());

describe('sockets', () => {
  it('drops them and goes on with the job', async () => {
    await bench.start();
    const { socket } = await bench.listen('a');
    bench.server.dropSockets();
    expect((await once(socket, 'close'))[0]).toBe(1006);
    await bench.finished(await bench.post('unseen'));
    expect(Object.keys((await bench.get('/history/unseen')) as object)).toEqual(['unseen']);
  });

  it('deafens them: open, answering pings, hearing nothing', async () => {
    await bench.start();
    const { socket, heard } = await bench.listen('a');
    bench.server.deafSockets();
    await bench.finished(await bench.post('unheard'));
    await pinged(socket);
    expect(heard.map(({ type }) => type)).toEqual(['status']);
  });

  it('deafens new ones from their first moment', async () => {
    await bench.start();
    bench.server.faults.deafNewSockets.next(1);
    const deaf = await bench.listen('a');
    const hearing = await bench.listen('b');
    await Promise.all([pinged(deaf.socket), pinged(hearing.socket)]);
    expect([deaf.heard.length, hearing.heard.length]).toEqual([0, 1]);
  });

  it('stalls the events of all and tells them in order afterwards', async () => {
    await bench.start();
    const { socket, heard } = await bench.listen('a');
    await pinged(socket);
    bench.server.stallEvents();
    await bench.finished(await bench.post('late'));
    expect(heard).toHaveLength(1);
    bench.server.resumeEvents();
    await until(socket, () => heard.at(-1)?.data.node === null);
    expect(heard[1]).toEqual({ type: 'status', data: { status: { exec_info: { queue_remaining: 1 } } } });
  });

  it('is stalled by a client that really does not read', async () => {
    await bench.start();
    const slow = await connectAndNeverRead('slow');
    const { socket, heard } = await bench.listen('a');
    await pinged(socket);
    await bench.post('flood', { client: 'slow', steps: 10_000 });
    await bench.finished(await bench.post('victim'));
    expect(heard.some(({ data }) => data.prompt_id === 'victim')).toBe(false);
    slow.destroy();
    await until(socket, () => heard.at(-1)?.data.node === null);
  });

  it('shouts the progress of a job without client at everybody, and its end at nobody', async () => {
    await bench.start();
    const { socket, heard } = await bench.listen('a');
    const promptId = bench.server.submitForeignJob();
    await bench.ended(promptId);
    await until(socket, () => heard.at(-1)?.data.status?.exec_info.queue_remaining === 0 && heard.length > 3);
    const types = new Set(heard.filter(({ data }) => data.prompt_id === promptId).map(({ type }) => type));
    expect([...types].sort()).toEqual(['progress', 'progress_state']);
  });

  it('keeps the events of another client to itself', async () => {
    await bench.start();
    const { socket, heard } = await bench.listen('a');
    const promptId = bench.server.submitForeignJob('somebody');
    await bench.ended(promptId);
    await pinged(socket);
    expect(heard.filter(({ data }) => data.prompt_id === promptId)).toEqual([]);
  });
});

async function connectAndNeverRead(clientId: string): Promise<Socket> {
  const socket = createConnection(bench.server.port, '127.0.0.1');
  const key = Buffer.alloc(16).toString('base64');
  const handshake = `Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}`;
  socket.write(`GET /ws?clientId=${clientId} HTTP/1.1\r\n${handshake}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}
