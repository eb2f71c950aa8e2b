import { once } from 'node:events';
import { AddressInfo, createServer, Server } from 'node:net';
import pg from 'pg';
import { SturdyClient } from './sturdy-client.js';

/** What PostgreSQL says: a letter, the length of the rest, the rest. */
function message(type: string, ...parts: (string | number)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([0, 0, 0, part]) : Buffer.from(part))));
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const WELCOME = message('R', 0);
const READY = message('Z', 'I');
const ENDED = message('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');

describe('SturdyClient', () => {
  let server: Server;

  beforeAll(async () => {
    // Ends every connection in the same breath in which it becomes ready.
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([WELCOME, READY, ENDED])));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  afterAll(() => server.close());

  it('fails the query, and nothing else, when the connection is lost in the moment in which the pool hands it out', async () => {
    const { port } = server.address() as AddressInfo;
    const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'filmroll', Client: SturdyClient });
    // As TypeORM does it: whoever gets the connection listens for errors only a moment later.
    const client = await new Promise<pg.PoolClient>((resolve, reject) =>
      pool.connect((error, got) => (got ? resolve(got) : reject(error))),
    );
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
    await pool.end();
  });
});
