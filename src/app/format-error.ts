import { unwrapResolverError } from '@apollo/server/errors';
import { Logger } from '@nestjs/common';
import { GraphQLFormattedError } from 'graphql';
import { codedError } from './coded-error.js';

/** Codes that Apollo has and the contract does not: all mean that the request was put wrongly. */
const PUT_WRONGLY = ['BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_SUPPORTED'];

const logger = new Logger('GraphQL');

/** An error as it is sent: with a code of the contract and, where a value was refused, its field. Its insides stay in the log. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { code, fields } = formatted.extensions ?? {};
  if (PUT_WRONGLY.includes(code as string)) return { ...formatted, extensions: { code: 'BAD_USER_INPUT' } };
  if (code !== 'INTERNAL_SERVER_ERROR') return { ...formatted, extensions: fields ? { code, fields } : { code } };
  const original = unwrapResolverError(error) as Error;
  const coded = codedError(original);
  if (coded.extensions.code === code) logger.error(original.message, original.stack);
  return { ...formatted, message: coded.message, extensions: { code: coded.extensions.code } };
}
