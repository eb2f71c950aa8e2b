import { setMaxListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { seededRandom } from '../test/service/switches.js';
import { Client } from './client.js';
import { type Scoreboard, scoreboardOf } from './count/scoreboard.js';
import type { AskedBatch, Evidence, FollowedBatch, SeenEvent } from './evidence.js';
import { Fleet, type FleetWish } from './fleet.js';
import { Follower } from './follower.js';
import { Harms } from './harms.js';
import { readLedger } from './ledger-story.js';
import { type PlannedBatch, planFor } from './plan.js';
import { Vitals } from './vitals.js';

/** Batches that clients have asked for and not seen to their end, at most. */
const AT_ONCE = 12;
/** What a lost answer may still do in storage is done by then. Milliseconds. */
const AFTERMATH = 1_000;

export interface ChaosWish extends FleetWish {
  images: number;
  kills: number;
  /** A steady load for so long, in which nobody is killed and every process is measured, instead of so many images and kills. */
  minutes?: number;
}

export interface Report {
  board: Scoreboard;
  /** As it was wished: so many images and kills, or so many minutes. */
  images?: number;
  kills: number;
  minutes?: number;
  seed: number;
  queue: string;
  seconds: number;
}

/** What is told while it runs. */
export interface Watcher {
  onStory(story: string): void;
  /** `part` of the whole, 0…1. */
  onProgress(part: number, ended: number, kills: number): void;
}

/** Runs the whole plan and counts. Ends by `over`, or when so much time has passed that what is not there then counts as lost. Leaves no process. */
export async function runChaos(wish: ChaosWish, watcher: Watcher, over: AbortSignal): Promise<Report> {
  const fleet = new Fleet(wish, (story) => watcher.onStory(story));
  const end = () => void fleet.end();
  over.addEventListener('abort', end, { once: true });
  try {
    await fleet.start();
    const began = Date.now();
    const late = AbortSignal.timeout(deadlineFor(wish));
    const until = AbortSignal.any([over, late]);
    setMaxListeners(0, until);
    const evidence = await wreak(fleet, wish, watcher, until);
    over.throwIfAborted();
    const seconds = (Date.now() - began) / 1_000;
    const { images, kills, minutes, seed, redis } = wish;
    const wished = minutes === undefined ? { images, kills } : { minutes, kills: 0 };
    return { board: scoreboardOf(await evidence()), ...wished, seed, queue: redis ? 'Redis' : 'PostgreSQL', seconds };
  } catch (error) {
    over.throwIfAborted();
    throw error;
  } finally {
    await fleet.end();
  }
}

/** Milliseconds. */
function deadlineFor({ images, kills, minutes }: ChaosWish): number {
  return 120_000 + (minutes === undefined ? 300 * images + 20_000 * kills : 60_000 * (minutes + 2));
}

/** Has clients ask and follow while the plan's harm is done; resolves, when all is over, with the way to the evidence. */
async function wreak(fleet: Fleet, wish: ChaosWish, watcher: Watcher, over: AbortSignal): Promise<() => Promise<Evidence>> {
  const plan = planFor(wish);
  const harms = new Harms(fleet, plan.harms, (story) => watcher.onStory(story));
  const vitals = new Vitals(fleet);
  if (wish.minutes !== undefined) vitals.start();
  const course = courseOf(wish);
  const onEvent = ({ status }: SeenEvent) => {
    if (!['UPLOADED', 'FAILED'].includes(status)) return;
    course.ended++;
    harms.progressed(course.part());
    watcher.onProgress(course.part(), course.ended, harms.kills);
  };
  const { asked, followed } = await useService(fleet, batchesUntilEnd(plan.batches, course), wish.seed, onEvent, over);
  await vitals.stop();
  await harms.settled();
  await setTimeout(AFTERMATH);
  return async () => ({
    ...{ asked, followed, harms: harms.done, crashes: fleet.crashes, vitals: vitals.taken },
    ...{ ledger: await readLedger(fleet.postgres), storage: await fleet.storage(), ...(await fleet.generation()) },
  });
}

/** How many images have ended, and which part of the whole, 0…1, that or the time that has passed is. */
interface Course {
  ended: number;
  part(): number;
}

function courseOf({ images, minutes }: ChaosWish): Course {
  const began = Date.now();
  const course = { ended: 0, part: () => course.ended / images };
  if (minutes !== undefined) course.part = () => Math.min(1, (Date.now() - began) / (60_000 * minutes));
  return course;
}

function* batchesUntilEnd(batches: Iterable<PlannedBatch>, course: Course): Generator<PlannedBatch> {
  for (const batch of batches) {
    if (course.part() >= 1) return;
    yield batch;
  }
}

async function useService(
  fleet: Fleet,
  batches: Generator<PlannedBatch>,
  seed: number,
  onEvent: (event: SeenEvent) => void,
  over: AbortSignal,
) {
  const asked: AskedBatch[] = [];
  const followed: FollowedBatch[] = [];
  const random = seededRandom(seed + 1);
  const client = new Client(() => fleet.apis, random, over);
  const follower = new Follower(() => fleet.apis, random, onEvent, over);
  const useOneAfterAnother = async () => {
    for (const batch of batches) {
      const answered = await client.ask(batch);
      asked.push(answered);
      const [first] = answered.answers;
      if (first) followed.push(await follower.follow(first.batchId));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, useOneAfterAnother));
  return { asked, followed };
}
