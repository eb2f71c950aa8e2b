import { SignJWT } from 'jose';
import { FakeComfyUI } from '../comfyui/fake-comfyui.js';
import { startTestService, TestService } from '../service/test-service.js';

const SECRET = 'a secret of at least thirty-two characters';

/** The figure behind a name, with its labels as Prometheus writes them; undefined where there is none. */
function figure(text: string, name: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

async function scrape({ url }: { url: string }): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  return response.text();
}

describe('/metrics', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  it.each(['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_heap_size_used_bytes'])(
    'tells %s of the process',
    async (name) => {
      expect(figure(await scrape(service), name)).toBeGreaterThan(0);
    },
  );

  it('counts the steps that the process has done, from 0 on', async () => {
    const before = await scrape(service);
    expect(figure(before, 'filmroll_steps_total{step="prove upload"}')).toBe(0);
    await service.api.ended(await service.api.generate({ count: 3 }));
    const after = await scrape(service);
    for (const step of ['accept bytes', 'create asset', 'prove upload'])
      expect([step, figure(after, `filmroll_steps_total{step="${step}"}`)]).toEqual([step, 3]);
    expect(figure(after, 'filmroll_steps_total{step="reserve indices"}')).toBe(1);
    expect(figure(after, 'filmroll_steps_total{step="fail image"}')).toBe(0);
  });

  it('has no image left when all have ended', async () => {
    const text = await scrape(service);
    for (const status of ['QUEUED', 'GENERATING', 'GENERATED', 'UPLOADING']) {
      expect(figure(text, `filmroll_unfinished_images{status="${status}"}`)).toBe(0);
      expect(figure(text, `filmroll_oldest_unfinished_image_seconds{status="${status}"}`)).toBe(0);
    }
  });

  it('names no user, character or prompt', async () => {
    expect(await scrape(service)).not.toMatch(/ada|luna|lighthouse/);
  });
});

describe('/metrics of an API and a worker', () => {
  let comfyui: FakeComfyUI;
  let api: TestService;
  let worker: Awaited<ReturnType<TestService['another']>>;

  beforeAll(async () => {
    comfyui = await FakeComfyUI.start({ pictureMs: 60_000 });
    const settings = { COMFYUI_URLS: comfyui.url, SHUTDOWN_TIMEOUT: '0ms' };
    api = await startTestService({ ...settings, ROLE: 'api' });
    worker = await api.another({ ROLE: 'worker' });
  });

  afterAll(async () => {
    await api.close();
    await comfyui.kill();
  });

  it('tells at either what waits, for how long, and what each backend has in hand', async () => {
    const batchId = await api.api.generate({ count: 5 });
    const events = api.api.follow('subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { status } }', { batchId });
    let generating = 0;
    for await (const { imageStatusChanged } of events) if (imageStatusChanged.status === 'GENERATING' && ++generating === 2) break;
    while (!(await api.api.ask('{ backends { healthy } }')).backends[0]?.healthy);
    for (const process of [api, worker]) {
      const text = await scrape(process);
      expect(figure(text, 'filmroll_database_reachable')).toBe(1);
      expect(figure(text, 'filmroll_unfinished_images{status="QUEUED"}')).toBe(3);
      expect(figure(text, 'filmroll_unfinished_images{status="GENERATING"}')).toBe(2);
      expect(figure(text, 'filmroll_oldest_unfinished_image_seconds{status="QUEUED"}')).toBeGreaterThan(0);
      const backend = new URL(comfyui.url).host;
      expect(text).toContain(`filmroll_backend_healthy{backend="${backend}"} 1`);
      expect(figure(text, `filmroll_backend_images{backend="${backend}"}`)).toBe(2);
    }
  });
});

describe('/metrics of a service that knows its callers', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ JWT_SECRET: SECRET });
  });

  afterAll(() => service.close());

  it.each<Record<string, string>>([{}, { authorization: 'Bearer nonsense' }])('asks for a token (%j)', async (headers) => {
    const response = await fetch(`${service.url}/metrics`, { headers });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(response.headers.get('content-type')).toMatch(/json/);
    const { errors } = (await response.json()) as { errors: { extensions: object }[] };
    expect(errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  it('takes the token of any caller', async () => {
    const token = await new SignJWT({ sub: 'prometheus' }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET));
    const response = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    expect(figure(await response.text(), 'filmroll_database_reachable')).toBe(1);
  });
});

describe('/metrics while the database is away', () => {
  it('goes on telling of the process, and leaves the ledger out', async () => {
    const service = await startTestService();
    try {
      expect(figure(await scrape(service), 'filmroll_unfinished_images{status="QUEUED"}')).toBe(0);
      await service.database.query('ALTER TABLE image RENAME TO away');
      const text = await scrape(service);
      expect(figure(text, 'filmroll_database_reachable')).toBe(0);
      expect(figure(text, 'process_resident_memory_bytes')).toBeGreaterThan(0);
      expect(text).not.toContain('filmroll_unfinished_images{');
      await service.database.query('ALTER TABLE away RENAME TO image');
      expect(figure(await scrape(service), 'filmroll_unfinished_images{status="QUEUED"}')).toBe(0);
    } finally {
      await service.close();
    }
  });
});
