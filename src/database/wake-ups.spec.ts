import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { AddressInfo, createServer } from 'node:net';
import { DataSource } from 'typeorm';
import { WakeUps } from './wake-ups.js';

/** PostgreSQL's words for: you are let in, and I am ready. */
const WELCOME = Buffer.from('5200000008000000005a0000000549', 'hex');

describe('a wake-up', () => {
  let query: jest.Mock<Promise<unknown>, [string, [string, string[]]]>;
  let wakeUps: WakeUps;

  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    query = jest.fn().mockResolvedValue([]);
    wakeUps = new WakeUps({ query } as unknown as DataSource, 'postgres://nowhere');
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const sent = () => query.mock.calls.map(([, [, payloads]]) => payloads);

  it('that the database does not answer silences those behind it for seconds, not for ever', async () => {
    query.mockReturnValueOnce(new Promise(() => undefined));
    wakeUps.ring('first');
    wakeUps.ring('second', 'old');
    wakeUps.ring('second', 'new');
    await jest.advanceTimersByTimeAsync(4_900);
    expect(sent()).toEqual([['first ']]);
    await jest.advanceTimersByTimeAsync(200);
    wakeUps.ring('third');
    await jest.advanceTimersByTimeAsync(0);
    expect(sent()).toEqual([['first '], ['second new'], ['third ']]);
    expect(Logger.prototype.warn).toHaveBeenCalledWith('A wake-up was not sent: No answer within 5000 ms.');
  });

  it('that was refused is followed by the next at once', async () => {
    query.mockRejectedValueOnce(new Error('away'));
    wakeUps.ring('first');
    wakeUps.ring('second');
    await jest.advanceTimersByTimeAsync(0);
    expect(sent()).toEqual([['first '], ['second ']]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not waited for at a database that lets us in and then says nothing', async () => {
    jest.useRealTimers().useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(WELCOME);
        socket.once('data', () => server.emit('asked to listen'));
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `postgres://filmroll@127.0.0.1:${(server.address() as AddressInfo).port}/filmroll`;
    const timePasses = once(server, 'asked to listen').then(() => jest.advanceTimersByTimeAsync(10_000));
    await Promise.all([expect(new WakeUps({} as DataSource, url).onModuleInit()).rejects.toThrow('No answer'), timePasses]);
    server.close();
  });
});
