import { GraphQLError } from 'graphql';
import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { ServiceUnavailableError } from '../api/errors.js';
import { sqlState } from '../database/transaction.js';

/** SQLSTATE classes and codes, and socket errors, that say the database cannot be reached or cannot take us just now. */
const DATABASE_AWAY = /^(08|57P|53|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/;
const CONNECTION_LOST = /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** The error as a client may see it: one of ours as it is, a database that is away as SERVICE_UNAVAILABLE, anything else without its insides. */
export function codedError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const state = sqlState(error) ?? '';
  if (DATABASE_AWAY.test(state) || isConnectionLost(error)) return new ServiceUnavailableError();
  return new GraphQLError('Something went wrong here. It has been logged.', { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
}

/** TypeORM lets go of a connection that was lost, and then blames the next query of the same transaction. */
function isConnectionLost(error: unknown): boolean {
  if (error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError) return true;
  return CONNECTION_LOST.test((error as Error)?.message);
}
