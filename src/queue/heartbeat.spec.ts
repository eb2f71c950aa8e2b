import { DataSource } from 'typeorm';
import { Heartbeat } from './heartbeat.js';

const HOUR = 3_600_000;

describe('a heartbeat', () => {
  let heartbeat: Heartbeat;
  let query: jest.Mock;

  beforeEach(async () => {
    jest.useFakeTimers();
    query = jest.fn().mockResolvedValue([]);
    heartbeat = new Heartbeat({ query } as unknown as DataSource);
    await heartbeat.onModuleInit();
  });

  afterEach(() => {
    heartbeat.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('lets its process judge others once it has been steady for longer than they may be silent', async () => {
    await jest.advanceTimersByTimeAsync(6_900);
    expect(heartbeat.canJudge).toBe(false);
    await jest.advanceTimersByTimeAsync(1_500);
    expect(heartbeat.canJudge).toBe(true);
  });

  it('that was interrupted begins anew', async () => {
    await jest.advanceTimersByTimeAsync(10_000);
    query.mockReturnValue(new Promise(() => undefined));
    await jest.advanceTimersByTimeAsync(4_500);
    expect(heartbeat.canJudge).toBe(false);
    query.mockResolvedValue([]);
    await jest.advanceTimersByTimeAsync(6_000);
    expect(heartbeat.canJudge).toBe(false);
    await jest.advanceTimersByTimeAsync(4_500);
    expect(heartbeat.canJudge).toBe(true);
  });

  it.each([
    ['back', -HOUR],
    ['forward', HOUR],
  ])('does not mind that the clock is set %s', async (_where, by) => {
    await jest.advanceTimersByTimeAsync(10_000);
    jest.setSystemTime(Date.now() + by);
    expect(heartbeat.canJudge).toBe(true);
    await jest.advanceTimersByTimeAsync(1_500);
    expect(heartbeat.canJudge).toBe(true);
  });
});
