import { Injectable, NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ForbiddenError } from '../api/errors.js';
import { Config } from '../config/config.js';
import { isOwnHost } from './own-host.js';

/** Refuses what is asked of an open service under a name that is not its own. */
@Injectable()
export class OwnHostMiddleware implements NestMiddleware {
  constructor(private readonly config: Config) {}

  use(req: Request, res: Response, next: NextFunction): void {
    if (isOwnHost(req.headers.host, this.config)) return next();
    const { message, extensions } = new ForbiddenError('This service is open, and answers only at localhost and at its PUBLIC_URL.');
    res.status(403).json({ errors: [{ message, extensions }] });
  }
}
