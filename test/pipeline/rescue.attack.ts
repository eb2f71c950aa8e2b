import { setTimeout } from 'node:timers/promises';
import { ChildService } from './child-service.js';
import { ledgerFaults } from './ledger-faults.js';
import { ShiftChange } from './shift-change.js';

/** Longer than a process has to have lived before it may judge others. Milliseconds. */
const STEADY = 8_000;
/** Longer than any test. */
const ENDLESS = { DEMO_TIME: '10m' };

async function onShift<T>(work: (shift: ShiftChange) => Promise<T>): Promise<T> {
  const shift = await ShiftChange.open();
  try {
    return await work(shift);
  } finally {
    await shift.close();
  }
}

function tell(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b).map((ms) => (ms / 1_000).toFixed(1));
  process.stdout.write(
    `${what}: ${sorted[0]} / ${sorted[sorted.length >> 1]} / ${sorted.at(-1)} s (min, median, max of ${sorted.length})\n`,
  );
}

/** Kills whoever has an image, and measures until one that is there already, or else one that is started then, claims it: from the kill, or from when it is ready. Milliseconds. */
async function killed(rounds: number, early: boolean): Promise<number[]> {
  return onShift(async (shift) => {
    const times: number[] = [];
    let holder = await shift.start(ENDLESS);
    for (let round = 0; round < rounds; round++) {
      await shift.ask(holder);
      await shift.told(holder, 'GENERATING');
      const survivor = early ? await shift.start(ENDLESS) : null;
      if (survivor) await setTimeout(STEADY + Math.random() * 2_000);
      await holder.kill();
      const killedAt = performance.now();
      const next = survivor ?? (await shift.start(ENDLESS));
      const since = survivor ? killedAt : performance.now();
      times.push((await shift.told(next, 'GENERATING')) - since);
      await shift.cancel(next);
      holder = next;
    }
    return times;
  });
}

it.concurrent(
  'what a killed worker had in hand is taken up by another within ten seconds',
  async () => {
    const times = await killed(8, true);
    tell('from kill -9 to the new claim by another worker', times);
    expect(Math.max(...times)).toBeLessThan(10_000);
  },
  400_000,
);

it.concurrent(
  'what the only worker had in hand is taken up within ten seconds of its next start',
  async () => {
    const times = await killed(5, false);
    tell('from the next start to the new claim', times);
    expect(Math.max(...times)).toBeLessThan(10_000);
  },
  400_000,
);

it.concurrent(
  'a slow worker is never robbed',
  () =>
    onShift(async (shift) => {
      const slow = await shift.start({ DEMO_TIME: '25s' });
      await shift.ask(slow);
      await shift.told(slow, 'GENERATING');
      const other = await shift.start({});
      await shift.told(other, 'UPLOADED');
      expect(await shift.image()).toMatchObject({ generationAttempts: 1, lostClaims: 0 });
    }),
  90_000,
);

it.concurrent(
  'a worker whose event loop stands still for five seconds is not robbed',
  () =>
    onShift(async (shift) => {
      const blocked = await shift.start({ DEMO_TIME: '25s' });
      await shift.ask(blocked);
      await shift.told(blocked, 'GENERATING');
      const other = await shift.start({});
      await setTimeout(STEADY);
      blocked.process.kill('SIGUSR2');
      await shift.told(other, 'UPLOADED');
      expect(await shift.image()).toMatchObject({ generationAttempts: 1, lostClaims: 0 });
    }),
  90_000,
);

it.concurrent(
  'a worker that is frozen for twenty seconds loses its image, and what it brings then is refused',
  () =>
    onShift(async (shift) => {
      const frozen = await shift.start({ DEMO_TIME: '25s' });
      await shift.ask(frozen);
      await shift.told(frozen, 'GENERATING');
      const other = await shift.start({ DEMO_TIME: '1s' });
      await setTimeout(STEADY);
      frozen.process.kill('SIGSTOP');
      await Promise.all([shift.told(other, 'UPLOADED'), setTimeout(20_000)]);
      frozen.process.kill('SIGCONT');
      while (!frozen.output.some((line) => line.includes('has moved on without this worker'))) await setTimeout(50);
      expect(await shift.image()).toMatchObject({ status: 'UPLOADED', generationAttempts: 2 });
      expect(await ledgerFaults(shift.database)).toEqual([]);
    }),
  120_000,
);

it.concurrent(
  'of several images in flight only the one that kills its worker five times fails, and the others are made',
  () =>
    onShift(async (shift) => {
      let deaths = 0;
      let service = await shift.start({ DEMO_TIME: '3s' });
      const batchId = await service.api.generate({ count: 6 });
      for (let ended = false; !ended;) {
        const poisoned = diesOf(service, 'position 2 ').then(() => false);
        const over = service.api.ended(batchId).then(
          () => true,
          () => poisoned,
        );
        ended = await Promise.race([poisoned, over]);
        if (!ended) service = await shift.start({ DEMO_TIME: '3s' });
        if (!ended) deaths++;
      }
      const rows = await shift.database.query<{ status: string; error: { code: string; message: string } | null; lostClaims: number }>(
        'SELECT status, error, lost_claims AS "lostClaims" FROM image ORDER BY position',
      );
      expect(rows.map(({ status }) => status)).toEqual(['UPLOADED', 'FAILED', ...Array.from({ length: 4 }, () => 'UPLOADED')]);
      expect(rows[1].error).toMatchObject({ code: 'WORKER_LOST', retryable: true });
      expect(deaths).toBe(5);
      expect(await ledgerFaults(shift.database)).toEqual([]);
    }),
  240_000,
);

/** Kills the service half a second after it has begun this image, when it has others in hand as well; resolves when it is dead. */
async function diesOf(service: ChildService, image: string): Promise<void> {
  const { process, output } = service;
  while (!output.some((line) => line.includes(image) && line.includes('generating on'))) {
    if (process.signalCode !== null) return;
    await setTimeout(50);
  }
  await setTimeout(500);
  await service.kill();
}
