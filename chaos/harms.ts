import { setTimeout } from 'node:timers/promises';
import { inTime } from '../src/database/in-time.js';
import type { Harm, HeldStatus } from './evidence.js';
import type { Fleet } from './fleet.js';
import { freezeUntilSucceeded } from './frozen-worker.js';
import type { PlannedHarm } from './plan.js';

/** A process that is not there again by then ends the run. Milliseconds. */
const OVER_WITHIN = 180_000;

/** Does to the fleet what the plan says, and writes down when. */
export class Harms {
  readonly done: Harm[] = [];
  private readonly running: Promise<void>[] = [];
  private next = 0;
  private databaseTurn: Promise<void> = Promise.resolve();

  constructor(
    private readonly fleet: Fleet,
    private readonly planned: PlannedHarm[],
    private readonly tell: (story: string) => void,
  ) {}

  /** Begins everything that is due now that so much of all images (0…1) has ended. */
  progressed(part: number): void {
    for (; this.next < this.planned.length && this.planned[this.next].at <= part; this.next++) {
      const running = this.doOne(this.planned[this.next]);
      // Told by `settled`.
      running.catch(() => undefined);
      this.running.push(running);
    }
  }

  /** Resolves when everything that was begun is over and every process is there again. Throws when one does not come back. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  get kills(): number {
    return this.done.filter(({ what }) => what === 'killed').length;
  }

  private doOne(harm: PlannedHarm): Promise<void> {
    if (harm.target === 'postgres') return this.harmDatabase(harm);
    const member = this.fleet.member(harm.target);
    return member.inTurn(() => this.noted(harm, () => this.harmMember(harm)));
  }

  private async harmMember({ what, target, away, over = 'UPLOADING' }: PlannedHarm): Promise<void> {
    const member = this.fleet.member(target);
    if (what === 'freeze') return this.freeze(target, over);
    if (what === 'cut') return member.tell({ drop: true });
    if (what === 'leave') {
      member.tell({ leaveFor: away });
      await setTimeout(away);
      return;
    }
    await member.kill();
    await setTimeout(away);
    await member.start();
  }

  private async freeze(target: string, over: HeldStatus): Promise<void> {
    if (!(await freezeUntilSucceeded(this.fleet, target, over))) this.tell(`${target} was frozen in vain: nobody has taken its image over`);
  }

  private harmDatabase(harm: PlannedHarm): Promise<void> {
    const { postgres } = this.fleet;
    const work = async () => {
      if (harm.what === 'cut') return postgres.cut();
      await postgres.kill();
      await setTimeout(harm.away);
      await postgres.start();
    };
    this.databaseTurn = this.databaseTurn.then(() => this.noted(harm, work));
    return this.databaseTurn;
  }

  private async noted({ what, target }: PlannedHarm, work: () => Promise<void>): Promise<void> {
    const past = { kill: 'killed', freeze: 'frozen', cut: 'cut off', leave: 'away' }[what];
    const harm: Harm = { what: past, target, from: Date.now(), until: Infinity };
    this.done.push(harm);
    this.tell(`${target} ${past}`);
    await inTime(work(), OVER_WITHIN).catch((error: Error) => {
      throw new Error(`${target}, ${past}, is not there again: ${error.message}`, { cause: error });
    });
    harm.until = Date.now();
  }
}
