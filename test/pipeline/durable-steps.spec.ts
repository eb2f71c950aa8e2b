import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { randomUUID } from 'node:crypto';
import { DURABLE_STEPS } from '../../src/durable/durable-steps.js';
import { Heartbeat } from '../../src/queue/heartbeat.js';
import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { FakeComfyUI } from '../comfyui/fake-comfyui.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ApiClient } from '../service/api-client.js';
import { CRASH_STORIES } from './crash-stories.js';
import { CrashStage } from './crash-stage.js';

describe('the list of durable steps', () => {
  let service: TestService;
  let stage: CrashStage;
  let comfyui: FakeComfyUI;
  let cloudinary: FakeCloudinary;
  const passed = new Set<unknown>();
  const note = (point: unknown) => passed.add(point);

  beforeAll(async () => {
    subscribe('filmroll:crash-points', note);
    [comfyui, cloudinary] = await Promise.all([FakeComfyUI.start({ pictureMs: 400 }), FakeCloudinary.start()]);
    const settings = { COMFYUI_URLS: comfyui.url, CLOUDINARY_URL: cloudinary.cloudinaryUrl, SHUTDOWN_TIMEOUT: '50ms' };
    service = await startTestService(settings);
    stage = new CrashStage(new InProcessCrew(service), service.database, comfyui, cloudinary);
  });

  afterAll(async () => {
    await service.close();
    await Promise.all([comfyui.kill(), cloudinary.close()]);
    unsubscribe('filmroll:crash-points', note);
  });

  it('holds exactly those that the crash stories come to', () => {
    expect(CRASH_STORIES.flatMap(({ steps }) => steps).toSorted()).toEqual(DURABLE_STEPS.toSorted());
  });

  it('is passed from end to end when all stories are told to a service that survives', async () => {
    for (const { tell } of CRASH_STORIES) {
      await tell(stage);
      await stage.endAll();
    }
    const points = DURABLE_STEPS.flatMap((step) => [`before ${step}`, `after ${step}`]);
    expect([...passed].toSorted()).toEqual(points.toSorted());
    expect(await stage.faults()).toEqual([]);
  });
});

/** Plays the processes with services of this one. */
class InProcessCrew {
  private current: Pick<TestService, 'api' | 'app' | 'stop'>;

  constructor(private readonly service: TestService) {
    this.current = service;
  }

  insist<T>(request: (api: ApiClient) => Promise<T>): Promise<T> {
    return request(this.current.api);
  }

  async signalWorker(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (signal === 'SIGKILL') return this.leaveClaimsBehind();
    await this.current.stop();
    this.current = await this.service.another();
  }

  /** As if another process had claimed what this one works on, and was dead. */
  private async leaveClaimsBehind(): Promise<void> {
    jest.spyOn(this.current.app.get(Heartbeat, { strict: false }), 'canJudge', 'get').mockReturnValue(true);
    await this.service.database.query(
      `UPDATE image SET attempt = attempt + 1, owner = $1, updated_at = now() - interval '10 s' WHERE status IN ('GENERATING', 'UPLOADING')`,
      [randomUUID()],
    );
  }
}
