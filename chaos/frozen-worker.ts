import { setTimeout } from 'node:timers/promises';
import type { HeldStatus } from './evidence.js';
import type { Fleet } from './fleet.js';
import { holdsAny, successorOf } from './ledger-story.js';

/** How long to wait for a worker that has something to lose, and for another to take it over, an outage of the database included. Milliseconds. */
const BUSY_WITHIN = 5_000;
const TAKEN_OVER_WITHIN = 40_000;
const LOOK_EVERY = 15;
/** Too short to be taken for dead, long enough for a worker that wakes up to connect to the database again. Milliseconds. */
const HELD_UP = 3_000;

/**
 * A worker stands still while it has an image in this status, for so long that another takes it over, and wakes up while that one has it in the same:
 * the best chance for a late write. The other is held up for a moment, so that it is still at work. False when none takes over.
 */
export async function freezeUntilSucceeded(fleet: Fleet, name: string, status: HeldStatus): Promise<boolean> {
  const { postgres } = fleet;
  const isBusy = async () => ((await holdsAny(postgres, name, status)) ? name : null);
  if (!(await frozenWhile(fleet, BUSY_WITHIN, isBusy))) return false;
  const since = Date.now();
  const successor = await frozenWhile(fleet, TAKEN_OVER_WITHIN, () => successorOf(postgres, name, status, since));
  fleet.member(name).thaw();
  if (!successor) return false;
  await setTimeout(HELD_UP);
  fleet.member(successor).thaw();
  return true;
}

/** Freezes the process that is found, and gives its name if it still is the one to be found once it stands still; null when there is none in time. */
async function frozenWhile(fleet: Fleet, patience: number, find: () => Promise<string | null>): Promise<string | null> {
  // A database that is away says nothing.
  const found = () => find().catch(() => null);
  for (const deadline = Date.now() + patience; Date.now() < deadline; await setTimeout(LOOK_EVERY)) {
    const name = await found();
    if (name === null) continue;
    fleet.member(name).freeze();
    if ((await found()) === name) return name;
    fleet.member(name).thaw();
  }
  return null;
}
