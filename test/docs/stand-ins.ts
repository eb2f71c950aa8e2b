import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../src/config/config.js';
import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { FakeComfyUI } from '../comfyui/fake-comfyui.js';
import { queueSettings, startTestService, TestService } from '../service/test-service.js';

/** Everything that a command of the docs may need: a service with a finished batch of ada's luna, servers of the other kinds, and a folder. */
export class StandIns {
  private constructor(
    private readonly service: TestService,
    private readonly batchId: string,
    private readonly comfyui: [FakeComfyUI, FakeComfyUI],
    private readonly cloudinary: FakeCloudinary,
    private readonly folder: string,
  ) {}

  static async start(): Promise<StandIns> {
    const servers = [startTestService(), FakeComfyUI.start(), FakeComfyUI.start(), FakeCloudinary.start()] as const;
    const [service, left, right, cloudinary] = await Promise.all(servers);
    const batchId = await service.api.generate({ count: 1 });
    await service.api.ended(batchId);
    return new StandIns(service, batchId, [left, right], cloudinary, await mkdtemp(join(tmpdir(), 'filmroll-docs-')));
  }

  async close(): Promise<void> {
    await Promise.all([...this.comfyui.map((server) => server.kill()), this.cloudinary.close(), this.service.close()]);
    await rm(this.folder, { recursive: true });
  }

  /** A folder that nobody has used before. */
  newFolder(): Promise<string> {
    return mkdtemp(join(this.folder, 'data-'));
  }

  /** What stands in the docs and what stands in for it here. */
  words(databaseUrl: string): Record<string, string> {
    const [left, right] = this.comfyui;
    return {
      'postgres://user:password@host:5432/filmroll': databaseUrl,
      'postgres://…': databaseUrl,
      'redis://:password@queue:6379': queueSettings().REDIS_URL ?? 'none here',
      'http://gpu1:8188': left.url,
      'http://gpu2:8188': right.url,
      'cloudinary://key:secret@cloud': this.cloudinary.cloudinaryUrl,
      'DATA_DIR=/shared': `DATA_DIR=${join(this.folder, 'shared')}`,
      'PORT=3000': 'PORT=0',
      'PORT=3001': 'PORT=0',
      '01a20ba8-3736-75f2-a3bc-be91b1c357f5': this.batchId,
      'cd /srv/filmroll': `cd ${process.cwd()}`,
      ' audit.json': ` ${join(this.folder, 'audit.json')}`,
      ' audit.log': ` ${join(this.folder, 'audit.log')}`,
    };
  }

  /** All of a command's environment: no setting of this machine, and nothing is built, asked or fetched on the way. */
  environment(own: { DATABASE_URL: string; DATA_DIR: string } = this.belongings): Record<string, string> {
    const none = Object.fromEntries(Object.keys(new Config()).map((name) => [name, '']));
    const npm = {
      npm_config_cache: join(this.folder, 'npm'),
      npm_config_ignore_scripts: 'true',
      npm_config_offline: 'true',
      npm_config_yes: 'false',
      npm_config_update_notifier: 'false',
    };
    const { PATH = '', HOME = '' } = process.env;
    return { PATH, HOME, ...none, ...npm, PORT: '0', DEMO_TIME: '0ms', FILMROLL_URL: this.service.url, ...own };
  }
  private get belongings() {
    return { DATABASE_URL: this.service.database.url, DATA_DIR: this.service.dataDir };
  }
}
