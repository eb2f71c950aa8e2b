import { Inject, Injectable, NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Config } from '../config/config.js';
import { PAGE_DIR } from './page-dir.js';
import { studioHeaders } from './page-headers.js';
import { sendPage } from './send-page.js';

/** The addresses of the studio's views; the page itself finds out which one it was opened at. */
export const STUDIO_PATHS = ['/', '/gallery', '/characters', '/backends', '/batch/:id', '/image/:id'];

/** Answers with the studio. */
@Injectable()
export class StudioMiddleware implements NestMiddleware {
  constructor(
    @Inject(PAGE_DIR) private readonly pageDir: string,
    private readonly config: Config,
  ) {}

  use(_req: Request, res: Response, next: NextFunction): void {
    sendPage({ file: 'studio.html', name: 'The studio', headers: studioHeaders(this.config) }, this.pageDir, res, next);
  }
}
