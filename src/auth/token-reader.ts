import { Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, JWTPayload, jwtVerify } from 'jose';
import { ServiceUnavailableError, UnauthenticatedError } from '../api/errors.js';
import { isName } from '../api/text.js';
import { Config } from '../config/config.js';
import { Caller } from './caller.js';

/** Reads who a caller is from a JWT: `sub` is the username, `role: "admin"` makes an admin. Without JWT_SECRET and JWKS_URL everybody is let in. */
@Injectable()
export class TokenReader {
  private readonly verify: (token: string) => Promise<JWTPayload>;

  constructor(private readonly config: Config) {
    this.verify = verifier(config);
  }

  /** Takes the value of an Authorization header; throws UnauthenticatedError unless it holds a valid token, ServiceUnavailableError while that cannot be told. */
  async read(authorization: unknown): Promise<Caller> {
    if (!this.config.authenticated) return new Caller(null, true);
    const token = typeof authorization === 'string' ? /^Bearer (\S+)$/i.exec(authorization)?.[1] : undefined;
    if (!token) throw new UnauthenticatedError();
    const { sub, role, exp } = await this.verify(token).catch((error: unknown) => {
      throw areKeysAway(error) ? new ServiceUnavailableError() : new UnauthenticatedError();
    });
    if (!isName(sub)) throw new UnauthenticatedError();
    return new Caller(sub, role === 'admin', exp === undefined ? null : exp * 1_000);
  }
}

function verifier({ JWKS_URL, JWT_SECRET }: Config): (token: string) => Promise<JWTPayload> {
  if (JWKS_URL) {
    const keys = createRemoteJWKSet(new URL(JWKS_URL));
    return async (token) => (await jwtVerify(token, keys)).payload;
  }
  const secret = new TextEncoder().encode(JWT_SECRET ?? '');
  return async (token) => (await jwtVerify(token, secret, { algorithms: ['HS256'] })).payload;
}

/** Whether it was JWKS_URL that failed, and not the token. */
function areKeysAway(error: unknown): boolean {
  return !(error instanceof errors.JOSEError) || [errors.JOSEError.code, errors.JWKSTimeout.code].includes(error.code);
}
