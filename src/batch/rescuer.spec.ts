import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Doorbell } from '../queue/doorbell.js';
import { Heartbeat } from '../queue/heartbeat.js';
import { HeldImages } from './held-images.js';
import { Ledger } from './ledger.js';
import { Rescuer } from './rescuer.js';
import { Setbacks } from './setbacks.js';

describe('a rescue round that the database does not answer', () => {
  let query: jest.Mock;
  let rescuer: Rescuer;

  beforeEach(async () => {
    jest.useFakeTimers();
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    query = jest
      .fn()
      .mockResolvedValue([])
      .mockReturnValueOnce(new Promise(() => undefined));
    const [source, heartbeat, doorbell] = [{ query }, { canJudge: false }, { ring: async () => undefined }];
    rescuer = new Rescuer(
      ...[source as unknown as DataSource, {} as Ledger, {} as Setbacks, new HeldImages()],
      ...[heartbeat as Heartbeat, doorbell as unknown as Doorbell],
    );
    rescuer.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(3_000);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('is followed by another all the same', async () => {
    expect(query).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(34_000);
    expect(query.mock.calls.length).toBeGreaterThan(1);
    await rescuer.beforeApplicationShutdown();
  });

  it('does not hold up the end for more than 3 s, and nothing follows it then', async () => {
    let ended = false;
    void rescuer.beforeApplicationShutdown().then(() => (ended = true));
    await jest.advanceTimersByTimeAsync(3_000);
    expect(ended).toBe(true);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(query).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});
