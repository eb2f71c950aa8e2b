import { DynamicModule, Module } from '@nestjs/common';
import { Config } from './config.js';

/** Hands the settings that `main` has read to whoever injects `Config`. */
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return { module: ConfigModule, global: true, providers: [{ provide: Config, useValue: config }], exports: [Config] };
  }
}
