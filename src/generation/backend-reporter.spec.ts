import { BackendsService } from '../backends/backends.service.js';
import { Heartbeat } from '../queue/heartbeat.js';
import { BackendReporter } from './backend-reporter.js';
import { ImageGenerator } from './image-generator.js';

describe('BackendReporter', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('waits for a report that takes its time, and then goes on', async () => {
    const waiting: (() => void)[] = [];
    const report = jest.fn<Promise<void>, unknown[]>().mockResolvedValueOnce();
    report.mockImplementation(() => new Promise((resolve) => waiting.push(resolve)));
    const generator = { backends: () => [] } as unknown as ImageGenerator;
    const reporter = new BackendReporter(generator, { report } as unknown as BackendsService, { processId: 'p' } as unknown as Heartbeat);
    await reporter.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(report).toHaveBeenCalledTimes(2);
    waiting.pop()?.();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(report).toHaveBeenCalledTimes(3);
    reporter.onApplicationShutdown();
  });
});
