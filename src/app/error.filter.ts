import { ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { GqlContextType } from '@nestjs/graphql';
import type { Response } from 'express';

/**
 * Gives what the body parser refuses the form of a GraphQL error. What is thrown within GraphQL passes as it is: `formatError` gives it its form,
 * and its line in the log.
 */
@Catch()
export class ErrorFilter extends BaseExceptionFilter {
  override catch(error: Error, host: ArgumentsHost): unknown {
    if (host.getType<GqlContextType>() === 'graphql') throw error;
    const body = bodyError(error);
    // oxlint-disable-next-line promise/valid-params -- Nest's filters have a method of that name
    if (!body) return super.catch(error, host);
    const { status, code, message } = body;
    return host
      .switchToHttp()
      .getResponse<Response>()
      .status(status)
      .json({ errors: [{ message, extensions: { code } }] });
  }
}

const UNREADABLE = 'The body of the request cannot be read: send it in UTF-8, as it is or compressed with gzip, deflate or br.';

/** What the body parser throws. */
interface BodyFault {
  type?: string;
  /** True where the client is at fault. */
  expose?: boolean;
  status?: number;
}

/** What the body parser refused, before GraphQL saw it. */
function bodyError(error: Error): { status: number; code: string; message: string } | null {
  const { type, expose, status = 500 } = ((error instanceof HttpException ? error.cause : error) ?? {}) as BodyFault;
  if (type === 'entity.too.large') return { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The request is larger than 1 MB.' };
  if (type === 'entity.parse.failed')
    return { status: 400, code: 'GRAPHQL_PARSE_FAILED', message: 'The body of the request is not valid JSON.' };
  return expose && status < 500 ? { status, code: 'BAD_USER_INPUT', message: UNREADABLE } : null;
}
