import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { BackendsService } from '../backends/backends.service.js';
import { Heartbeat } from '../queue/heartbeat.js';
import { ImageGenerator } from './image-generator.js';

const EVERY = 3_000;

/** Writes down what this worker sees of its backends, for every process to read. */
@Injectable()
export class BackendReporter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(BackendReporter.name);
  private timer?: NodeJS.Timeout;
  private isReporting = false;

  constructor(
    private readonly generator: ImageGenerator,
    private readonly backends: BackendsService,
    private readonly heartbeat: Heartbeat,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.report();
    this.timer = setInterval(() => void this.report(), EVERY);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** One at a time: two that overtake each other, where the database is slow, would write the same rows. */
  private async report(): Promise<void> {
    if (this.isReporting) return;
    this.isReporting = true;
    await this.backends
      .report(this.heartbeat.processId, this.generator.backends())
      .catch((error: Error) => this.logger.warn(`The state of the backends could not be written: ${error.message}`));
    this.isReporting = false;
  }
}
