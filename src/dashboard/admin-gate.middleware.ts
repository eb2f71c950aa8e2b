import { Injectable, NestMiddleware } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import type { NextFunction, Request, Response } from 'express';
import { ForbiddenError } from '../api/errors.js';
import { TokenReader } from '../auth/token-reader.js';
import { Config } from '../config/config.js';
import { DASHBOARD_HEADERS } from '../studio/page-headers.js';
import { BOARD_PATH } from './queue-board.js';
import { SIGN_IN_PATH, signInPage } from './sign-in-page.js';

const COOKIE = 'filmroll_admin';
const STATUS: Record<string, number> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, SERVICE_UNAVAILABLE: 503 };

/**
 * Lets admins in, and everybody where the service is open. The token comes in the Authorization header, or in a cookie that a browser gets for
 * signing in: it is sent to the dashboard alone, no script can read it, no other site's page makes a browser send it, and it is checked each time.
 */
@Injectable()
export class AdminGate implements NestMiddleware {
  constructor(
    private readonly tokens: TokenReader,
    private readonly config: Config,
  ) {}

  async use(req: Request, res: Response, next: NextFunction): Promise<void> {
    res.set({ ...DASHBOARD_HEADERS, 'Cache-Control': 'private, no-cache' });
    try {
      if (req.method === 'POST' && req.originalUrl === SIGN_IN_PATH) return await this.signIn(req, res);
      await this.admit(req.headers.authorization ?? fromCookie(req.headers.cookie));
    } catch (error) {
      return refuse(error, req, res);
    }
    next();
  }

  private async signIn({ body }: Request, res: Response): Promise<void> {
    const { token: sent } = (body ?? {}) as { token?: unknown };
    const token = typeof sent === 'string' ? sent.trim() : '';
    await this.admit(`Bearer ${token}`);
    const secure = this.config.PUBLIC_URL?.startsWith('https:') ?? false;
    res.cookie(COOKIE, token, { path: BOARD_PATH, httpOnly: true, sameSite: 'strict', secure }).redirect(303, BOARD_PATH);
  }

  private async admit(authorization: string | undefined): Promise<void> {
    const caller = await this.tokens.read(authorization);
    if (!caller.isAdmin) throw new ForbiddenError('Only an admin may see the queues.');
  }
}

function fromCookie(cookies = ''): string | undefined {
  const token = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w.-]+)`).exec(cookies)?.[1];
  return token && `Bearer ${token}`;
}

/** Asks whoever looks with a browser to sign in, and tells programs why not. */
function refuse(error: unknown, req: Request, res: Response): void {
  if (!(error instanceof GraphQLError)) throw error;
  const status = STATUS[error.extensions.code as string] ?? 500;
  res.status(status).set({ Vary: 'Accept', ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }) });
  if (req.accepts(['json', 'html']) === 'html') res.send(signInPage(status === 401 ? null : error.message));
  else res.json({ errors: [{ message: error.message, extensions: { code: error.extensions.code } }] });
}
