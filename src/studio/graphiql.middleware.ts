import { Inject, Injectable, NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { PAGE_DIR } from './page-dir.js';
import { GRAPHIQL_HEADERS } from './page-headers.js';
import { sendPage } from './send-page.js';

const PAGE = { file: 'graphiql.html', name: 'GraphiQL', headers: { ...GRAPHIQL_HEADERS, Vary: 'Accept' } };

/** Answers with GraphiQL where a browser opens the address of the API; every request to the API itself passes on. */
@Injectable()
export class GraphiqlMiddleware implements NestMiddleware {
  constructor(@Inject(PAGE_DIR) private readonly pageDir: string) {}

  use(req: Request, res: Response, next: NextFunction): void {
    if (!isBrowserVisit(req)) return next();
    sendPage(PAGE, this.pageDir, res, next);
  }
}

/** A GET of the API names its operation in `query`, or in `extensions` where the operation is a persisted one. */
function isBrowserVisit(req: Request): boolean {
  const isOperation = 'query' in req.query || 'extensions' in req.query;
  return !isOperation && req.accepts(['json', 'html']) === 'html';
}
