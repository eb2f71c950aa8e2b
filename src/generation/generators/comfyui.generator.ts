import { Injectable, Optional, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Config, ConfigError } from '../../config/config.js';
import { GenerationRejectedError, ImageGenerator } from '../image-generator.js';
import type {
  AskedValues,
  BackendReport,
  GeneratedPicture,
  GenerationProgress,
  GenerationRequest,
  PictureOrder,
  ValueFault,
  WorkflowDescription,
} from '../image-generator.js';
import type { BuiltWorkflow, WorkflowValues } from '../workflows/workflow.js';
import { UnknownWorkflowError, WorkflowInputError } from '../workflows/workflow-errors.js';
import { WorkflowLibrary } from '../workflows/workflow-library.js';
import { ableServers } from './comfyui/able-servers.js';
import { parseAddress } from './comfyui/comfyui-address.js';
import { ComfyuiUnavailableError, ServerFaultError } from './comfyui/comfyui-errors.js';
import { earlierPicture, makePicture, type Attempt } from './comfyui/comfyui-picture.js';
import { ComfyuiProgress } from './comfyui/comfyui-progress.js';
import { ComfyuiServer } from './comfyui/comfyui-server.js';
import { ComfyuiTimings } from './comfyui/comfyui-timings.js';
import { refuseUnseenEmbeddings } from './comfyui/embedding-check.js';

/**
 * Makes pictures on one or many ComfyUI servers (COMFYUI_URLS), version 0.3.57 or newer. Beside what the port says it throws, always for
 * "try again later": `EmbeddingMissingError` and `ModelMissingError` (this server cannot, another may) and the others of comfyui-errors.ts.
 */
@Injectable()
export class ComfyuiGenerator extends ImageGenerator implements OnModuleInit, OnApplicationShutdown {
  private readonly servers: Map<string, ComfyuiServer>;

  constructor(
    private readonly config: Config,
    private readonly library: WorkflowLibrary,
    @Optional() private readonly timings: ComfyuiTimings = new ComfyuiTimings(),
  ) {
    super();
    const addresses = config.COMFYUI_URLS.map((url) => parseAddress(url, config.COMFYUI_HEADERS ?? {}));
    this.servers = new Map(addresses.map((address) => [address.name, new ComfyuiServer(address, timings)]));
    if (this.servers.size < addresses.length) {
      throw new ConfigError(['COMFYUI_URLS names a server twice; names may follow the address, as in http://host:8188#left']);
    }
  }

  /** A process that only serves the API sends them nothing: it knows them by what the workers write down. */
  onModuleInit(): void {
    if (!this.config.works) return;
    for (const server of this.servers.values()) server.start();
  }

  /** Not earlier: until the workers have ended they may have prompts to withdraw. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
  }

  backends(): BackendReport[] {
    return [...this.servers.values()].map((server) => server.report());
  }

  ableTo(order: PictureOrder): string[] {
    const built = this.build(order, { seed: 0, width: 512, height: 512, filenamePrefix: 'filmroll', anyCheckpoint: null });
    refuseUnseenEmbeddings(built.prompts);
    return ableServers([...this.servers.values()], built).map(({ name }) => name);
  }

  workflows(): WorkflowDescription[] {
    return this.library.list();
  }

  faultsOf(workflow: string, asked: AskedValues): ValueFault[] {
    return this.library.check(workflow, asked);
  }

  async generate(
    request: GenerationRequest,
    signal: AbortSignal,
    onProgress: (progress: GenerationProgress) => void,
  ): Promise<GeneratedPicture> {
    signal.throwIfAborted();
    const server = this.server(request.backend);
    const attempt = this.attempt(request, server, signal, onProgress);
    try {
      const picture = (await this.earlier(attempt)) ?? (await makePicture(attempt, server));
      this.server(picture.backend).health.succeeded();
      return picture;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ComfyuiUnavailableError) server.health.doubt(error.what);
      if (error instanceof ServerFaultError) server.health.failed(error.reason);
      throw error;
    } finally {
      attempt.progress.stop();
    }
  }

  private server(name: string): ComfyuiServer {
    const server = this.servers.get(name);
    if (!server) throw new ComfyuiUnavailableError(name, 'is not one of COMFYUI_URLS', 'not sent');
    if (server.health.outdated) throw new ComfyuiUnavailableError(name, server.health.outdated, 'not sent');
    return server;
  }

  private attempt(
    request: GenerationRequest,
    server: ComfyuiServer,
    signal: AbortSignal,
    onProgress: (progress: GenerationProgress) => void,
  ): Attempt {
    const { timings, config } = this;
    const anyCheckpoint = server.health.checkpoints[0] ?? null;
    const built = this.build(request, { ...request, filenamePrefix: prefixFor(request), anyCheckpoint });
    const report = (progress: GenerationProgress): void => (signal.aborted ? undefined : onProgress(progress));
    const progress = new ComfyuiProgress(built.graph, report, timings.progress);
    const servers = [...this.servers.values()];
    return { request, built, progress, signal, keepMetadata: config.KEEP_PROMPT_METADATA, timings, servers };
  }

  private build(order: PictureOrder, values: Omit<WorkflowValues, keyof PictureOrder>): BuiltWorkflow {
    try {
      const faults = this.library.check(order.workflow, order);
      if (faults.length > 0) throw new WorkflowInputError(order.workflow, faults);
      return this.library.build(order.workflow, { ...order, ...values });
    } catch (error) {
      if (error instanceof UnknownWorkflowError || error instanceof WorkflowInputError) throw new GenerationRejectedError(error.message);
      throw error;
    }
  }

  private async earlier(attempt: Attempt): Promise<GeneratedPicture | null> {
    const { earlier } = attempt.request;
    const server = earlier && this.servers.get(earlier.backend);
    return server && !server.health.outdated ? earlierPicture(attempt, server, earlier.promptId) : null;
  }
}

/**
 * Of ids only, in a folder for each hour since large folders are slow, and of this attempt alone: so no server gives out an older file from its cache,
 * and no two servers that share a folder overwrite each other.
 */
function prefixFor({ imageId, attempt }: GenerationRequest): string {
  return `filmroll/${new Date().toISOString().slice(0, 13)}/${imageId}-${attempt}`;
}
