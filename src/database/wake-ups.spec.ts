import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WakeUps } from './wake-ups.js';

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
});
