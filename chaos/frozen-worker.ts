import { setTimeout } from 'node:timers/promises';
import type { Fleet } from './fleet.js';
import { holdsAny, successorOf } from './ledger-story.js';

/** How long to wait for a worker that has something to lose, and for another to take it over. Milliseconds. */
const BUSY_WITHIN = 5_000;
const TAKEN_OVER_WITHIN = 20_000;
const LOOK_EVERY = 15;
/** Far too short to be taken for dead. Milliseconds. */
const HELD_UP = 1_500;

/**
 * A worker stands still in the middle of its work for so long that another takes it over, and wakes up while that one has it: the best chance for a
 * late write. The other is held up for a moment, so that it is still at work.
 */
export async function freezeUntilSucceeded(fleet: Fleet, name: string): Promise<void> {
  const { postgres } = fleet;
  await until(BUSY_WITHIN, () => holdsAny(postgres, name));
  const since = Date.now();
  fleet.member(name).freeze();
  let successor: string | null = null;
  try {
    await until(TAKEN_OVER_WITHIN, async () => (successor = await successorOf(postgres, name, since)) !== null);
    if (successor) fleet.member(successor).freeze();
  } finally {
    fleet.member(name).thaw();
  }
  if (!successor) return;
  await setTimeout(HELD_UP);
  fleet.member(successor).thaw();
}

/** Waits for something to be so, but no longer than so many milliseconds; a database that is away says nothing. */
async function until(patience: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && !(await isSo().catch(() => false))) await setTimeout(LOOK_EVERY);
}
