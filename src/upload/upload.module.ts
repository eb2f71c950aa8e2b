import { MiddlewareConsumer, Module, NestModule } from '@nestjs/common';
import { BatchModule } from '../batch/batch.module.js';
import { Config } from '../config/config.js';
import { AssetStorage } from './asset-storage.js';
import { StagingService } from './staging.service.js';
import { CloudinaryStorage } from './storages/cloudinary.storage.js';
import { serveLocalAssets } from './storages/local-assets.js';
import { LocalDiskStorage } from './storages/local-disk.storage.js';
import { UploadProcessor } from './upload.processor.js';
import { UploadWorker } from './upload-worker.js';

function openStorage(config: Config): Promise<AssetStorage> | AssetStorage {
  return config.CLOUDINARY_URL ? CloudinaryStorage.open(config, config.CLOUDINARY_URL) : new LocalDiskStorage(config);
}

/** The second stage of the pipeline; the one place that names the storage adapters. */
@Module({
  imports: [BatchModule],
  providers: [{ provide: AssetStorage, useFactory: openStorage, inject: [Config] }, StagingService, UploadWorker, UploadProcessor],
  exports: [AssetStorage, StagingService],
})
export class UploadModule implements NestModule {
  constructor(private readonly config: Config) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(serveLocalAssets(this.config)).forRoutes('/assets');
  }
}
