import { MiddlewareConsumer, Module, NestModule } from '@nestjs/common';
import { Config } from '../config/config.js';
import { AssetStorage } from './asset-storage.js';
import { CloudinaryStorage } from './storages/cloudinary.storage.js';
import { serveLocalAssets } from './storages/local-assets.js';
import { LocalDiskStorage } from './storages/local-disk.storage.js';

function openStorage(config: Config): Promise<AssetStorage> | AssetStorage {
  return config.CLOUDINARY_URL ? CloudinaryStorage.open(config, config.CLOUDINARY_URL) : new LocalDiskStorage(config);
}

/** Where pictures are kept; the one place that names the storage adapters. */
@Module({
  providers: [{ provide: AssetStorage, useFactory: openStorage, inject: [Config] }],
  exports: [AssetStorage],
})
export class UploadModule implements NestModule {
  constructor(private readonly config: Config) {}

  configure(consumer: MiddlewareConsumer): void {
    if (this.config.serves) consumer.apply(serveLocalAssets(this.config)).forRoutes('/assets');
  }
}
