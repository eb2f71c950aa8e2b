import { GraphQLError, GraphQLFormattedError, parse } from 'graphql';
import { ServerOptions } from 'graphql-ws';
import { formatError } from './format-error.js';
import { PARSE_OPTIONS } from './parse-options.js';

/** Hooks that give every error over a websocket the code it has over HTTP: graphql-ws would send it bare, or close the socket. */
export const socketErrors: Pick<ServerOptions, 'onSubscribe' | 'onNext' | 'onError'> = {
  onSubscribe: (_context, _id, { query }) => parseFault(query),
  onNext: (_context, _id, _payload, _args, result) => {
    return result.errors && { ...result, errors: result.errors.map((error) => coded(error, 'BAD_USER_INPUT')) };
  },
  onError: (_context, _id, _payload, errors) => errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')),
};

function parseFault(query: string): GraphQLError[] | undefined {
  try {
    parse(query, PARSE_OPTIONS);
    return undefined;
  } catch (error) {
    return [new GraphQLError((error as Error).message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } })];
  }
}

/** `otherwise` is the code of an error that nothing of ours has thrown, but graphql-js itself: then the request is at fault. */
function coded(error: GraphQLError, otherwise: string): GraphQLFormattedError {
  const { originalError = error } = error;
  const code = error.extensions.code ?? (originalError instanceof GraphQLError ? otherwise : 'INTERNAL_SERVER_ERROR');
  return formatError({ ...error.toJSON(), extensions: { ...error.extensions, code } }, originalError);
}
