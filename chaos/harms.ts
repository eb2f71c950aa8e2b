import { setTimeout } from 'node:timers/promises';
import type { Harm } from './evidence.js';
import type { Fleet } from './fleet.js';
import { takenOverFrom } from './ledger-story.js';
import type { PlannedHarm } from './plan.js';

/** A frozen worker wakes up when another has taken over from it, or after so long. Milliseconds. */
const FROZEN_AT_MOST = 20_000;
const LOOK_EVERY = 50;

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
      this.running.push(this.doOne(this.planned[this.next]));
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

  private async harmMember({ what, target, away }: PlannedHarm): Promise<void> {
    const member = this.fleet.member(target);
    if (what === 'freeze') return this.freeze(target);
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

  /** Long enough to be taken for dead; then it goes on with what is no longer its own. */
  private async freeze(target: string): Promise<void> {
    const member = this.fleet.member(target);
    const since = Date.now();
    member.freeze();
    try {
      while (Date.now() - since < FROZEN_AT_MOST) {
        await setTimeout(LOOK_EVERY);
        if ((await takenOverFrom(this.fleet.postgres, target, since).catch(() => 0)) > 0) return;
      }
    } finally {
      member.thaw();
    }
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
    await work();
    harm.until = Date.now();
  }
}
