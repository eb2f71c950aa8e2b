import { deepEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { HeldImages } from '../../src/batch/held-images.js';
import { ImageStatus } from '../../src/batch/image-status.js';
import { Ledger } from '../../src/batch/ledger.js';
import { Rescuer } from '../../src/batch/rescuer.js';
import { ImageGenerator } from '../../src/generation/image-generator.js';
import { Heartbeat } from '../../src/queue/heartbeat.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';

interface Row {
  id: string;
  status: string;
  attempt: number;
  lostClaims: number;
  error: { code: string; retryable: boolean } | null;
}

describe('the rescuer', () => {
  let service: TestService;
  let batchId: string;
  let letGenerate: () => void;

  beforeAll(async () => {
    service = await startTestService();
    jest.spyOn(service.app.get(Heartbeat, { strict: false }), 'canJudge', 'get').mockReturnValue(true);
  });

  afterAll(() => service.close());

  beforeEach(async () => {
    const noBackend = jest.spyOn(service.app.get(ImageGenerator, { strict: false }), 'backends').mockReturnValue([]);
    letGenerate = () => noBackend.mockRestore();
    batchId = await service.api.generate({ count: 1 });
  });

  afterEach(async () => {
    letGenerate();
    await service.api.ended(batchId);
    deepEqual(await ledgerFaults(service.database), []);
  });

  async function image(): Promise<Row> {
    const sql = `SELECT id, status, attempt, lost_claims AS "lostClaims", error FROM image WHERE batch_id = $1`;
    return (await service.database.query<Row>(sql, [batchId]))[0];
  }

  /** The image was claimed ten seconds ago by `owner`. */
  async function claimedBy(owner: string): Promise<void> {
    await service.app.get(Ledger, { strict: false }).change(batchId, 'claim generation', async (open) => {
      const [waiting] = await open.images({ status: ImageStatus.QUEUED });
      await open.move(waiting, 'claimGeneration', { owner, backend: 'demo', promptId: randomUUID() });
    });
    await service.database.query(`UPDATE image SET updated_at = now() - interval '10 s' WHERE batch_id = $1`, [batchId]);
  }

  async function anotherProcess(seen: string): Promise<string> {
    const id = randomUUID();
    await service.database.query(`INSERT INTO worker_process VALUES ($1, now() + $2::interval)`, [id, seen]);
    return id;
  }

  function round(): Promise<void> {
    return service.app.get(Rescuer, { strict: false }).round();
  }

  it('takes an image back from a dead worker, and it is made', async () => {
    await claimedBy(await anotherProcess('-10 s'));
    await round();
    expect(await image()).toMatchObject({ status: 'QUEUED', attempt: 2, lostClaims: 1 });
    letGenerate();
    expect(await service.api.ended(batchId)).toBe('COMPLETED');
    expect(await image()).toMatchObject({ lostClaims: 0 });
  });

  it('takes an image back whose worker has no row at all', async () => {
    await claimedBy(randomUUID());
    await round();
    expect(await image()).toMatchObject({ status: 'QUEUED', attempt: 2 });
  });

  it('takes an image back whose worker was forgotten', async () => {
    const [forgotten, remembered] = [await anotherProcess('-25 hours'), await anotherProcess('-23 hours')];
    const starting = new Heartbeat(service.app.get(DataSource));
    await starting.onModuleInit();
    starting.onApplicationShutdown();
    const known = (await service.database.query<{ id: string }>('SELECT id FROM worker_process')).map(({ id }) => id);
    expect(known).not.toContain(forgotten);
    expect(known).toEqual(expect.arrayContaining([remembered, starting.processId]));

    await claimedBy(forgotten);
    await round();
    expect(await image()).toMatchObject({ status: 'QUEUED', attempt: 2 });
  });

  it('does not steal from a worker that is slow but lives', async () => {
    await claimedBy(await anotherProcess('1 minute'));
    await round();
    expect(await image()).toMatchObject({ status: 'GENERATING', attempt: 1 });
    await service.database.query(`UPDATE worker_process SET seen_at = now() - interval '10 s' WHERE seen_at > now() + interval '30 s'`);
    await round();
    expect(await image()).toMatchObject({ status: 'QUEUED' });
  });

  it('takes back what this very process has dropped, and leaves what it holds', async () => {
    await claimedBy(service.app.get(Heartbeat, { strict: false }).processId);
    const { id } = await image();
    const held = service.app.get(HeldImages, { strict: false });
    await held.during(id, async () => {
      // A late worker on the same image ends; the other goes on.
      await held.during(id, async () => undefined);
      await round();
      expect(await image()).toMatchObject({ status: 'GENERATING', attempt: 1 });
    });
    await round();
    expect(await image()).toMatchObject({ status: 'QUEUED', attempt: 2, lostClaims: 1 });
  });

  it('does not judge while it was cut off itself', async () => {
    const blind = jest.spyOn(service.app.get(Heartbeat, { strict: false }), 'canJudge', 'get').mockReturnValue(false);
    await claimedBy(await anotherProcess('-10 s'));
    await round();
    expect(await image()).toMatchObject({ status: 'GENERATING' });
    blind.mockReturnValue(true);
    await round();
    expect(await image()).toMatchObject({ status: 'QUEUED' });
  });

  it('gives up an image whose worker died five times in a row', async () => {
    for (let death = 1; death <= 5; death++) {
      expect(await image()).toMatchObject({ status: 'QUEUED', lostClaims: death - 1 });
      await claimedBy(await anotherProcess('-10 s'));
      await round();
    }
    expect(await image()).toMatchObject({ status: 'FAILED', error: { code: 'WORKER_LOST', retryable: true } });
  });
});
