import { type Inside, pause } from './inside.js';
import { Job } from './job.js';

/** The one thread that runs jobs. Any surprise ends it for good, while the rest of the server goes on as if nothing were. */
export class Worker {
  current: Job | null = null;
  /** Why it died, if it did. */
  death: unknown = null;
  private readonly end = new AbortController();
  private readonly signal: AbortSignal;

  constructor(private readonly inside: Inside) {
    this.signal = AbortSignal.any([inside.life, this.end.signal]);
  }

  /** Works until it dies. */
  async work(): Promise<void> {
    try {
      while (true) await this.runNext();
    } catch (error) {
      this.death = error;
    }
  }

  die(): void {
    this.end.abort(new Error('the execution thread was killed'));
  }

  /** Interrupts whatever runs now; when nothing does, this is forgotten. */
  interrupt(): void {
    this.current?.interrupt();
  }

  private async runNext(): Promise<void> {
    const [task, item] = await this.inside.queue.take(this.signal);
    await this.inside.awake.passed();
    this.signal.throwIfAborted();
    const job = new Job(item, this.inside, this.signal);
    this.current = job;
    const execution = this.inside.log.started(item[1], job.clientId);
    try {
      const outcome = await job.run(execution);
      this.inside.log.ended(execution, outcome);
      await this.finish(job, task, outcome);
    } catch (error) {
      if (execution.endedAt === null) this.inside.log.ended(execution, 'killed');
      throw error;
    } finally {
      this.inside.log.emit('ended', execution);
    }
    this.current = null;
  }

  private async finish(job: Job, task: number, outcome: 'success' | 'error' | 'interrupted'): Promise<void> {
    const { lateHistory } = this.inside.faults;
    const write = () => {
      this.inside.queue.finish(task, job.entry(outcome));
      this.inside.log.emit('history');
    };
    if (lateHistory.ms === 0) write();
    else if (lateHistory.after === 'execution_success') await pause(this.inside, lateHistory.ms, this.signal).then(write);
    else void pause(this.inside, lateHistory.ms, this.signal).then(write, () => {});
    job.messages.toClient('executing', { node: null });
  }
}
