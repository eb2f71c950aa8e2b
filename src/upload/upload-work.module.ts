import { Module } from '@nestjs/common';
import { BatchWorkModule } from '../batch/batch-work.module.js';
import { BatchModule } from '../batch/batch.module.js';
import { StagingService } from './staging.service.js';
import { UploadModule } from './upload.module.js';
import { UploadProcessor } from './upload.processor.js';
import { UploadWorker } from './upload-worker.js';

/** The second stage of the pipeline, in processes that work. */
@Module({
  imports: [BatchModule, BatchWorkModule, UploadModule],
  providers: [StagingService, UploadWorker, UploadProcessor],
  exports: [StagingService],
})
export class UploadWorkModule {}
