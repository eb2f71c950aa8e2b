import { Module } from '@nestjs/common';
import { BackendsModule } from '../backends/backends.module.js';
import { BatchWorkModule } from '../batch/batch-work.module.js';
import { BatchModule } from '../batch/batch.module.js';
import { UploadWorkModule } from '../upload/upload-work.module.js';
import { BackendReporter } from './backend-reporter.js';
import { FreeSlots } from './free-slots.js';
import { GenerationClaims } from './generation-claims.js';
import { GenerationWorker } from './generation-worker.js';
import { GenerationModule } from './generation.module.js';
import { GenerationProcessor } from './generation.processor.js';
import { PictureMaker } from './picture-maker.js';

/** The first stage of the pipeline, in processes that work. */
@Module({
  imports: [GenerationModule, BatchModule, BatchWorkModule, UploadWorkModule, BackendsModule],
  providers: [FreeSlots, GenerationClaims, PictureMaker, GenerationWorker, GenerationProcessor, BackendReporter],
})
export class GenerationWorkModule {}
