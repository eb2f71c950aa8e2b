import { ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { GqlContextType } from '@nestjs/graphql';
import type { Response } from 'express';
import { GraphQLError } from 'graphql';

/**
 * Gives what is refused outside GraphQL, by the body parser or by ourselves, the form of a GraphQL error. What is thrown within GraphQL passes as it is:
 * `formatError` gives it its form, and its line in the log.
 */
@Catch()
export class ErrorFilter extends BaseExceptionFilter {
  override catch(error: Error, host: ArgumentsHost): unknown {
    if (host.getType<GqlContextType>() === 'graphql') throw error;
    const refusal = refusalOf(error) ?? bodyError(error);
    // oxlint-disable-next-line promise/valid-params -- Nest's filters have a method of that name
    if (!refusal) return super.catch(error, host);
    const { status, code, message } = refusal;
    return host
      .switchToHttp()
      .getResponse<Response>()
      .status(status)
      .set(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {})
      .json({ errors: [{ message, extensions: { code } }] });
  }
}

interface Refusal {
  status: number;
  code: string;
  message: string;
}

/** One of our own errors that says which status it has over HTTP. */
function refusalOf(error: Error): Refusal | null {
  if (!(error instanceof GraphQLError)) return null;
  const { code, http } = error.extensions as { code: string; http?: { status: number } };
  return http ? { status: http.status, code, message: error.message } : null;
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
function bodyError(error: Error): Refusal | null {
  const { type, expose, status = 500 } = ((error instanceof HttpException ? error.cause : error) ?? {}) as BodyFault;
  if (type === 'entity.too.large') return { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The request is larger than 1 MB.' };
  if (type === 'entity.parse.failed')
    return { status: 400, code: 'GRAPHQL_PARSE_FAILED', message: 'The body of the request is not valid JSON.' };
  return expose && status < 500 ? { status, code: 'BAD_USER_INPUT', message: UNREADABLE } : null;
}
