import { once } from 'node:events';
import { AddressInfo, createServer, Server } from 'node:net';
import { readConfig } from '../config/config.js';
import { QueueConnection } from './queue-connection.js';

describe('the connection of the queue', () => {
  let silent: Server;

  beforeAll(async () => {
    silent = createServer((socket) => socket.on('error', () => undefined));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
  });

  afterAll(() => silent.close());

  it('is not waited for when a database takes the connection and then says nothing', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { port } = silent.address() as AddressInfo;
    const opened = QueueConnection.open(readConfig({}), `postgres://filmroll@127.0.0.1:${port}/filmroll`);
    const timePasses = once(silent, 'connection').then(() => jest.advanceTimersByTimeAsync(10_000));
    await Promise.all([expect(opened).rejects.toThrow('timeout'), timePasses]);
    jest.useRealTimers();
  });
});
