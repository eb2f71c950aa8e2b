import { getQueueToken } from '@nestjs/bullmq';
import { Queue } from 'bullmq';
import { createHash } from 'node:crypto';
import { ledgerFaults } from '../pipeline/ledger-faults.js';
import { startTestService, TestService } from '../service/test-service.js';

type Process = Awaited<ReturnType<TestService['another']>>;

const EVENTS = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { number position status } }';
const PROGRESS = 'subscription ($batchId: ID!) { imageProgress(batchId: $batchId, previews: true) { position stage fraction preview } }';
const PIPELINE = ['QUEUED', 'GENERATING', 'GENERATED', 'UPLOADING', 'UPLOADED'];

async function all<Item>(items: AsyncGenerator<Item>): Promise<Item[]> {
  const collected = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe('an API process without a worker', () => {
  let api: TestService;
  let batchId: string;

  beforeAll(async () => {
    api = await startTestService({ ROLE: 'api' });
    batchId = await api.api.generate({ count: 3 });
  });

  afterAll(() => api.close());

  it('accepts batches and rings for them', async () => {
    const queue = api.app.get<Queue>(getQueueToken('generation'), { strict: false });
    while ((await queue.getWaitingCount()) < 3);
    const rows = await api.database.query('SELECT status FROM image');
    expect(rows.map(({ status }) => status)).toEqual(['QUEUED', 'QUEUED', 'QUEUED']);
  });

  it('is not counted among the workers and speaks for no backend', async () => {
    expect(await api.database.query('SELECT id FROM worker_process')).toEqual([]);
    expect(await api.api.ask('{ backends { name } workflows { name } }')).toEqual({ backends: [], workflows: [{ name: 'demo' }] });
  });

  it('cancels what waits', async () => {
    const { cancelBatch } = await api.api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { status } }', { id: batchId });
    expect(cancelBatch).toEqual({ status: 'CANCELLED' });
  });
});

describe('an API process and a worker process', () => {
  let api: TestService;
  let worker: Process;

  beforeAll(async () => {
    api = await startTestService({ ROLE: 'api' });
    worker = await api.another({ ROLE: 'worker', DEMO_TIME: '3s' });
  });

  afterAll(() => api.close());

  it.each(['/health/live', '/health/ready'])('both tell %s', async (path) => {
    for (const { url } of [api, worker]) expect((await fetch(url + path)).status).toBe(200);
  });

  it('the worker serves nothing else', async () => {
    const requests = ['/', '/graphql', '/assets/x.png', '/studio/assets/x.js'].map((path) => fetch(worker.url + path));
    const posted = await worker.api.post(JSON.stringify({ query: '{ __typename }' }));
    for (const { status } of [...(await Promise.all(requests)), posted]) expect(status).toBe(404);
  });

  it('who follows a batch at the API sees the events, the progress and the previews of the worker', async () => {
    const batchId = await api.api.generate({ count: 2, character: 'seen' });
    const [events, progress] = await Promise.all([all(api.api.follow(EVENTS, { batchId })), all(api.api.follow(PROGRESS, { batchId }))]);
    const told = events.map(({ imageStatusChanged }) => imageStatusChanged);
    expect(told.map(({ number }) => number)).toEqual(told.map((_, k) => k + 1));
    for (const position of [1, 2])
      expect(told.filter((event) => event.position === position).map(({ status }) => status)).toEqual(PIPELINE);
    expect(progress.filter(({ imageProgress }) => imageProgress.stage === 'GENERATION').length).toBeGreaterThan(2);
    expect(progress.some(({ imageProgress }) => imageProgress.preview?.startsWith('data:image/'))).toBe(true);
  });

  it('the API serves what the worker has stored in the data directory that they share', async () => {
    const [{ url, sha256 }] = await api.database.query(`SELECT url, sha256 FROM image WHERE status = 'UPLOADED' LIMIT 1`);
    const bytes = Buffer.from(await (await fetch(api.url + url)).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  });

  it('the API knows the backends by what the worker has written down', async () => {
    expect(await api.api.ask('{ backends { name healthy } }')).toEqual({ backends: [{ name: 'demo', healthy: true }] });
  });

  it('workers may be replaced one after another in the middle of a batch: nothing is made twice', async () => {
    const batchId = await api.api.generate({ count: 24, character: 'rolled' });
    const ended = api.api.ended(batchId);
    let running = [worker, await api.another({ ROLE: 'worker', DEMO_TIME: '100ms' })];
    for (let round = 0; round < 3; round++) {
      const [oldest, ...others] = running;
      await oldest.stop();
      running = [...others, await api.another({ ROLE: 'worker', DEMO_TIME: '100ms' })];
    }
    expect(await ended).toBe('COMPLETED');
    const rows = await api.database.query(`SELECT max(generation_attempts) AS attempts, count(DISTINCT index)::int AS indices,
      count(DISTINCT sha256)::int AS pictures FROM image WHERE status = 'UPLOADED' AND batch_id = '${batchId}'`);
    expect(rows).toEqual([{ attempts: 1, indices: 24, pictures: 24 }]);
    expect(await ledgerFaults(api.database)).toEqual([]);
  });
});
