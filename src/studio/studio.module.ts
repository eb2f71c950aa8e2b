import { DynamicModule, Inject, MiddlewareConsumer, Module, NestModule, RequestMethod } from '@nestjs/common';
import express, { type Request, type Response } from 'express';
import { join } from 'node:path';
import { GraphiqlMiddleware } from './graphiql.middleware.js';
import { PAGE_DIR } from './page-dir.js';
import { PAGE_HEADERS } from './page-headers.js';

/**
 * What a browser gets: GraphiQL at /graphql and its files below /studio, all from this service; / leads to /graphql.
 * These are middleware, so they answer before the API's own route and without its guards.
 */
@Module({})
export class StudioModule implements NestModule {
  constructor(@Inject(PAGE_DIR) private readonly pageDir: string) {}

  /** `pageDir`: absolute path of the folder with the built pages. */
  static forRoot(pageDir: string): DynamicModule {
    return { module: StudioModule, providers: [{ provide: PAGE_DIR, useValue: pageDir }] };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(redirectToGraphiql).forRoutes({ path: '/', method: RequestMethod.GET });
    consumer.apply(GraphiqlMiddleware).forRoutes({ path: '/graphql', method: RequestMethod.GET });
    consumer.apply(hashedFiles(join(this.pageDir, 'assets'))).forRoutes('/studio/assets');
  }
}

function redirectToGraphiql(_req: Request, res: Response): void {
  res.redirect('/graphql');
}

/** Files whose names hold a hash of their content: a browser may keep them for good. */
function hashedFiles(dir: string) {
  return express.static(dir, {
    index: false,
    redirect: false,
    immutable: true,
    maxAge: '1y',
    setHeaders: (res) => res.setHeaders(new Map(Object.entries(PAGE_HEADERS))),
  });
}
