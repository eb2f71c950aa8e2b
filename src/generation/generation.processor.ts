import { Processor, WorkerHost } from '@nestjs/bullmq';
import { BeforeApplicationShutdown, Logger, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Doorbell } from '../queue/doorbell.js';
import { GENERATION_QUEUE } from '../queue/queue-names.js';
import { SeldomWarnings } from '../queue/seldom-warnings.js';
import { Shift } from '../queue/shift.js';
import { WORKER_OPTIONS } from '../queue/worker-options.js';
import { GenerationWorker } from './generation-worker.js';
import { ImageGenerator } from './image-generator.js';

/** Hears the generation bell, as many at once as the backends have slots. */
@Processor(GENERATION_QUEUE, WORKER_OPTIONS)
export class GenerationProcessor extends WorkerHost implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly warnings = new SeldomWarnings(new Logger(GenerationProcessor.name));

  constructor(
    private readonly doorbell: Doorbell,
    private readonly config: Config,
    private readonly generator: ImageGenerator,
    private readonly images: GenerationWorker,
    private readonly shift: Shift,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.config.GENERATOR_SLOTS * this.generator.backends().length;
    this.worker.on('error', (error) => this.warnings.warn(`Queue ${GENERATION_QUEUE}: ${error.message}`));
    this.worker.on('failed', (_, error) => this.warnings.warn(`A generation worker broke off: ${error.message}`));
  }

  /**
   * One job, one image; but a slot that is freed while no job waits, or none can be heard, is used at once. A job that finds no free slot just ends: whoever frees one
   * looks for work itself, and the rescuer rings again.
   */
  process(): Promise<void> {
    return this.shift.orLeave(this.work());
  }

  /** Both stages stop hearing at once; only then is either waited for. */
  onModuleDestroy(): void {
    void this.worker.close();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.shift.finish(this.worker.close());
  }

  private async work(): Promise<void> {
    let worked = await this.images.generateNext();
    while (worked && !(await this.doorbell.isRinging(GENERATION_QUEUE))) worked = await this.images.generateNext();
  }
}
