import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { GenerationRequest } from '../../src/generation/image-generator.js';
import { isPng, Setting, until } from './setting.js';

const IMAGES = 40;
const SLOTS = 2;

/** Asks for images as the service does: two at each healthy server, and again elsewhere after a failure, naming the attempt before. */
class Caller {
  readonly pictures = new Map<string, Buffer>();
  readonly promptIds = new Map<string, string[]>();
  private readonly inFlight = new Map<string, number>();

  constructor(private readonly setting: Setting) {}

  async all(): Promise<void> {
    await Promise.all(Array.from({ length: IMAGES }, (_, seed) => this.one({ imageId: randomUUID(), seed })));
  }

  private async one(wish: Partial<GenerationRequest> & { imageId: string }): Promise<void> {
    let earlier: GenerationRequest['earlier'] = null;
    for (let attempt = 1; !this.pictures.has(wish.imageId); attempt++) {
      const backend = await this.slot();
      const request: GenerationRequest = this.setting.request({ ...wish, attempt, backend, earlier });
      this.promptIds.set(wish.imageId, [...(this.promptIds.get(wish.imageId) ?? []), request.promptId]);
      await this.setting.generate(request).then(
        ({ bytes }) => this.pictures.set(wish.imageId, bytes),
        (error: Error) => this.setting.lines.push(`attempt ${attempt}: ${error.message}`),
      );
      this.inFlight.set(backend, this.inFlight.get(backend)! - 1);
      if (!this.pictures.has(wish.imageId)) await setTimeout(50 * attempt);
      earlier = { backend, promptId: request.promptId };
    }
  }

  private async slot(): Promise<string> {
    let free: string | undefined;
    const load = (name: string) => this.inFlight.get(name) ?? 0;
    await until(() => {
      const open = this.setting.generator.backends().filter(({ name, healthy }) => healthy && load(name) < SLOTS);
      free = open.toSorted((a, b) => load(a.name) - load(b.name))[0]?.name;
      if (free) this.inFlight.set(free, load(free) + 1);
      return free;
    });
    return free!;
  }
}

const servers = [{ pictureMs: 20 }, { pictureMs: 20 }];
const timings = { request: 400, stuck: 400, silence: 5_000 };

describe('Forty images on two servers', () => {
  let setting: Setting;
  afterEach(() => setting.stop());

  async function survive(harm: (server: Setting['server']) => unknown): Promise<{ successes: number[]; caller: Caller }> {
    setting = await Setting.start({ servers, timings });
    const caller = new Caller(setting);
    const done = caller.all();
    await until(() => setting.server.executions.length >= 5);
    await harm(setting.server);
    await done;

    expect([...caller.pictures.values()].every(isPng)).toBe(true);
    expect(new Set([...caller.pictures.values()].map((bytes) => bytes.toString('base64'))).size).toBe(IMAGES);
    const successes = [...caller.promptIds.values()].map(
      (ids) => ids.flatMap((id) => setting.runs(id)).filter((outcome) => outcome === 'success').length,
    );
    return { successes, caller };
  }

  const restart = async (server: Setting['server']) => {
    server.faults.proxyErrors.next(0);
    await server.restart();
  };

  it.each<[string, (server: Setting['server']) => unknown]>([
    ['websockets are dropped', (server) => server.dropSockets()],
    ['websockets are deaf', (server) => server.deafSockets()],
    ['new websockets are deaf', (server) => void (server.faults.deafNewSockets.next(3), server.dropSockets())],
    ['answers to prompts are lost', (server) => server.faults.loseReplies.withProbability(0.5)],
    ['prompts are queued with a 500', (server) => server.faults.failAfterQueueing.withProbability(0.5)],
    ['the history is late', (server) => void (server.faults.lateHistory = { ms: 60, after: 'executing null' })],
    ['the server is frozen', (server) => server.freeze(1_500)],
    ['downloads are cut short', (server) => server.faults.cutDownloads.withProbability(0.5)],
    ['downloads stall', (server) => server.faults.stallDownloads.next(2)],
    ['every request fails now and then', (server) => server.faults.serverErrors.withProbability(0.1)],
    ['connections break now and then', (server) => server.faults.resetRequests.withProbability(0.1)],
    ['somebody else sends prompts', (server) => Array.from({ length: 10 }, () => server.submitForeignJob())],
  ])('are made once each although %s', async (_title, harm) => {
    const { successes } = await survive(harm);
    expect(successes).toEqual(Array(IMAGES).fill(1));
  });

  it.each<[string, (server: Setting['server']) => unknown]>([
    ['a server is restarted', restart],
    ['a server is gone for good', (server) => server.kill()],
    ['a worker is dead', (server) => server.deadWorker()],
    [
      'a worker is dead until the server is restarted',
      async (server) => {
        server.deadWorker();
        await until(() => !setting.generator.backends()[0].healthy);
        await restart(server);
      },
    ],
    ['files are deleted before they are downloaded', (server) => server.faults.deleteBeforeDownload.withProbability(0.3)],
    ['a server is frozen for good', (server) => server.freeze()],
    ['somebody interrupts what runs', (server) => fetch(`${server.url}/interrupt`, { method: 'POST' })],
    ['somebody clears the queue', (server) => fetch(`${server.url}/queue`, { method: 'POST', body: '{"clear":true}' })],
    ['somebody clears the history', (server) => fetch(`${server.url}/history`, { method: 'POST', body: '{"clear":true}' })],
  ])('are all made although %s', async (_title, harm) => {
    const { successes } = await survive(harm);
    expect(successes.every((times) => times >= 1)).toBe(true);
    expect(successes.reduce((sum, times) => sum + times)).toBeLessThan(IMAGES + 15);
  });
});
