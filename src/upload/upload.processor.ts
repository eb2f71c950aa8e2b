import { Processor, WorkerHost } from '@nestjs/bullmq';
import { BeforeApplicationShutdown, Logger, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config/config.js';
import { UPLOAD_QUEUE } from '../queue/queue-names.js';
import { SeldomWarnings } from '../queue/seldom-warnings.js';
import { Shift } from '../queue/shift.js';
import { WORKER_OPTIONS } from '../queue/worker-options.js';
import { UploadWorker } from './upload-worker.js';

/** Hears the upload bell. */
@Processor(UPLOAD_QUEUE, WORKER_OPTIONS)
export class UploadProcessor extends WorkerHost implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly warnings = new SeldomWarnings(new Logger(UploadProcessor.name));

  constructor(
    private readonly config: Config,
    private readonly images: UploadWorker,
    private readonly shift: Shift,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.config.UPLOAD_CONCURRENCY;
    this.worker.on('error', (error) => this.warnings.warn(`Queue ${UPLOAD_QUEUE}: ${error.message}`));
    this.worker.on('failed', (_, error) => this.warnings.warn(`An upload worker broke off: ${error.message}`));
  }

  /** One job, one image. */
  process(): Promise<void> {
    return this.shift.orLeave(this.images.uploadNext());
  }

  /** Both stages stop hearing at once; only then is either waited for. */
  onModuleDestroy(): void {
    void this.worker.close();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.shift.finish(this.worker.close());
  }
}
