import { DynamicModule, MiddlewareConsumer, Module, NestModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { BackendsModule } from '../backends/backends.module.js';
import { BatchModule } from '../batch/batch.module.js';
import { CharactersModule } from '../characters/characters.module.js';
import { Config } from '../config/config.js';
import { ConfigModule } from '../config/config.module.js';
import { DashboardModule } from '../dashboard/dashboard.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { GenerationWorkModule } from '../generation/generation-work.module.js';
import { GenerationModule } from '../generation/generation.module.js';
import { IndexingModule } from '../indexing/indexing.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { QueueConnection } from '../queue/queue-connection.js';
import { QueueModule } from '../queue/queue.module.js';
import { StudioModule } from '../studio/studio.module.js';
import { UploadWorkModule } from '../upload/upload-work.module.js';
import { UploadModule } from '../upload/upload.module.js';
import { DeadlineInterceptor } from './deadline.interceptor.js';
import { ErrorFilter } from './error.filter.js';
import { GraphqlApiModule } from './graphql-api.module.js';
import { HealthController } from './health.controller.js';
import { InputPipe } from './input.pipe.js';
import { OwnHostMiddleware } from './own-host.middleware.js';

/** What the service is started with: its settings, and what they have led to. */
export interface Foundations {
  config: Config;
  databaseUrl: string;
  queue: QueueConnection;
  /** Folder of the built pages. */
  pageDir: string;
}

/** What ROLE makes of this process: the API, the workers, or both on one set of modules. */
@Module({})
export class AppModule implements NestModule {
  static forRoot({ config, databaseUrl, queue, pageDir }: Foundations): DynamicModule {
    const api = config.serves ? [GraphqlApiModule, StudioModule.forRoot(pageDir), DashboardModule] : [];
    const work = config.works ? [UploadWorkModule, GenerationWorkModule] : [];
    return {
      module: AppModule,
      imports: [
        ...[ConfigModule.forRoot(config), DatabaseModule.forRoot(databaseUrl), QueueModule.forRoot(queue), ...api],
        ...[IndexingModule, BatchModule, BackendsModule, CharactersModule, UploadModule, GenerationModule, MetricsModule, ...work],
      ],
      controllers: [HealthController],
      providers: [
        { provide: APP_PIPE, useClass: InputPipe },
        { provide: APP_INTERCEPTOR, useClass: DeadlineInterceptor },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(OwnHostMiddleware).forRoutes('{*path}');
  }
}
