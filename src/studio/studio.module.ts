import { DynamicModule, Inject, MiddlewareConsumer, Module, NestModule, RequestMethod } from '@nestjs/common';
import { join } from 'node:path';
import { Config } from '../config/config.js';
import { GraphiqlMiddleware } from './graphiql.middleware.js';
import { hashedFiles } from './hashed-files.js';
import { PAGE_DIR } from './page-dir.js';
import { STUDIO_PATHS, StudioMiddleware } from './studio.middleware.js';

/**
 * What a browser gets, all from this service: the studio at /, GraphiQL at /graphql unless it is turned off, and their files below /studio.
 * These are middleware, so they answer before the API's own route and without its guards.
 */
@Module({})
export class StudioModule implements NestModule {
  constructor(
    @Inject(PAGE_DIR) private readonly pageDir: string,
    private readonly config: Config,
  ) {}

  /** `pageDir`: absolute path of the folder with the built pages. */
  static forRoot(pageDir: string): DynamicModule {
    return { module: StudioModule, providers: [{ provide: PAGE_DIR, useValue: pageDir }] };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(StudioMiddleware).forRoutes(...STUDIO_PATHS.map((path) => ({ path, method: RequestMethod.GET })));
    if (this.config.GRAPHIQL) consumer.apply(GraphiqlMiddleware).forRoutes({ path: '/graphql', method: RequestMethod.GET });
    consumer.apply(hashedFiles(join(this.pageDir, 'assets'))).forRoutes('/studio/assets');
  }
}
