import { Logger, type LoggerService } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Config } from '../../src/config/config.js';
import { ComfyuiGenerator } from '../../src/generation/generators/comfyui.generator.js';
import { ComfyuiTimings } from '../../src/generation/generators/comfyui/comfyui-timings.js';
import type { GeneratedPicture, GenerationProgress, GenerationRequest } from '../../src/generation/image-generator.js';
import { WorkflowLibrary } from '../../src/generation/workflows/workflow-library.js';
import { FakeComfyUI, type FakeComfyUIOptions } from '../comfyui/fake-comfyui.js';

/** Short enough for tests, long enough for a busy machine. */
const quick: ComfyuiTimings = {
  request: 2_000,
  retry: 10,
  silence: 30_000,
  stuck: 60_000,
  poll: 400,
  pollDeaf: 20,
  queuePoll: 100,
  lost: 150,
  memory: [0, 50],
  withdraw: 10_000,
  keepHistory: 60_000,
  lacking: 60_000,
  health: 40,
  healthMax: 400,
  reconnect: 20,
  reconnectMax: 200,
  open: 2_000,
  ping: 10_000,
  deaf: 500,
  close: 2_000,
  progress: 0,
};

interface SettingOptions {
  servers?: FakeComfyUIOptions[];
  timings?: Partial<ComfyuiTimings>;
  config?: Partial<Config>;
  workflowsDir?: string;
  /** What stands in COMFYUI_URLS for a server. */
  urlOf?: (server: FakeComfyUI) => string;
}

/** Fake servers and a generator that uses them. */
export class Setting {
  /** Every line that was logged. */
  readonly lines: string[] = [];

  /** Resolves when the generator has found every server healthy. */
  static async start({ servers = [{}], timings, config, workflowsDir, urlOf = ({ url }) => url }: SettingOptions = {}): Promise<Setting> {
    const fakes = await Promise.all(servers.map((options) => FakeComfyUI.start(options)));
    const settings = { COMFYUI_URLS: fakes.map(urlOf), COMFYUI_HEADERS: null, KEEP_PROMPT_METADATA: false, ...config };
    const library = await WorkflowLibrary.load(workflowsDir ?? null);
    const generator = new ComfyuiGenerator(Object.assign(new Config(), settings), library, { ...quick, ...timings });
    const setting = new Setting(fakes, generator);
    generator.onModuleInit();
    await until(() => generator.backends().every(({ lastSeenAt }) => lastSeenAt));
    return setting;
  }

  private constructor(
    readonly servers: FakeComfyUI[],
    readonly generator: ComfyuiGenerator,
  ) {
    const write = (...words: unknown[]): void => void this.lines.push(words.map(String).join(' '));
    Logger.overrideLogger({ log: write, warn: write, error: write } satisfies LoggerService);
  }

  get server(): FakeComfyUI {
    return this.servers[0];
  }

  async stop(): Promise<void> {
    await this.generator.onApplicationShutdown();
    await Promise.all(this.servers.map((server) => server.kill()));
    Logger.overrideLogger(false);
  }

  request(changes: Partial<GenerationRequest> = {}): GenerationRequest {
    const chosen = {
      workflow: 'txt2img',
      prompt: 'a lighthouse',
      negativePrompt: null,
      seed: 7,
      width: 64,
      height: 64,
      steps: 4,
      cfg: null,
    };
    const backend = this.generator.backends()[0].name;
    return { imageId: randomUUID(), attempt: 1, backend, promptId: randomUUID(), earlier: null, parameters: null, ...chosen, ...changes };
  }

  generate(
    request: GenerationRequest = this.request(),
    signal = new AbortController().signal,
    onProgress: (progress: GenerationProgress) => void = () => undefined,
  ): Promise<GeneratedPicture> {
    return this.generator.generate(request, signal, onProgress);
  }

  /** What the servers did for this prompt, over all of them. */
  runs(promptId: string): string[] {
    return this.servers.flatMap(({ executions }) => executions.filter((one) => one.promptId === promptId).map(({ outcome }) => outcome));
  }

  /** How often the first server was asked this. */
  asked(method: string, path: string): number {
    return this.server.requests.filter((one) => one.method === method && one.path.startsWith(path)).length;
  }
}

/** Waits until the condition holds; gives up after a minute. */
export async function until(condition: () => unknown): Promise<void> {
  for (const start = performance.now(); !(await condition()); await setTimeout(2)) {
    if (performance.now() - start > 60_000) throw new Error(`waited in vain for ${String(condition)}`);
  }
}

/** The error that the promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => Promise.reject(new Error('nothing went wrong')),
    (error: Error) => error,
  );
}

export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(1, 4).toString() === 'PNG' && bytes.subarray(-8, -4).toString() === 'IEND';
}
