import { ApolloDriver, ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { DocumentNode, GraphQLError, GraphQLSchema, NoSchemaIntrospectionCustomRule, specifiedRules, validate } from 'graphql';
import { Context } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { IncomingMessage } from 'node:http';
import { UnauthenticatedError } from '../api/errors.js';
import { AuthModule } from '../auth/auth.module.js';
import { Caller } from '../auth/caller.js';
import { TokenReader } from '../auth/token-reader.js';
import { Config } from '../config/config.js';
import { formatError } from './format-error.js';
import { PARSE_OPTIONS } from './parse-options.js';
import { socketErrors } from './socket-errors.js';
import { socketOnly } from './socket-only.plugin.js';
import { unavailable } from './unavailable.plugin.js';

type Params = Record<string, unknown>;
type Socket = Extra & { caller?: Caller };

/** Close code of a websocket: it was not refused, it may come back. */
const TRY_AGAIN_LATER = 1013;

/** The GraphQL API over HTTP and graphql-ws, at /graphql. */
@Module({
  imports: [
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [AuthModule],
      inject: [TokenReader, Config],
      useFactory: (tokens: TokenReader, config: Config): Omit<ApolloDriverConfig, 'driver'> => ({
        autoSchemaFile: true,
        sortSchema: true,
        graphiql: false,
        // Whatever NODE_ENV says: the schema is public unless the operator decides otherwise.
        introspection: config.INTROSPECTION,
        parseOptions: PARSE_OPTIONS,
        plugins: [socketOnly, unavailable],
        includeStacktraceInErrorResponses: false,
        preserveHttpStatusForExecutionErrors: false,
        autoTransformHttpErrors: false,
        formatError,
        context: async ({ req, extra }: { req?: IncomingMessage; extra?: Socket }) => ({
          caller: extra?.caller ?? (await tokens.read(req?.headers.authorization)),
        }),
        subscriptions: {
          'graphql-ws': {
            onConnect: (socket) => admit(socket as Context<Params, Socket>, tokens, config),
            ...socketErrors,
            ...(config.INTROSPECTION ? {} : { validate: withoutIntrospection }),
          },
        },
      }),
    }),
  ],
})
export class GraphqlApiModule {}

/** Apollo refuses introspection over HTTP only; graphql-ws validates by itself. */
function withoutIntrospection(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  return validate(schema, document, [...specifiedRules, NoSchemaIntrospectionCustomRule]);
}

/** Reads the caller once for each websocket. An open service takes no socket from another site's page: its visitor never meant to come here. */
async function admit({ connectionParams, extra }: Context<Params, Socket>, tokens: TokenReader, config: Config): Promise<boolean> {
  const { origin, host } = extra.request.headers;
  if (!config.authenticated && origin && !isOwnPage(origin, host)) return false;
  try {
    extra.caller = await tokens.read(
      connectionParams?.authorization ?? connectionParams?.Authorization ?? extra.request.headers.authorization,
    );
    return true;
  } catch (error) {
    if (!(error instanceof UnauthenticatedError)) extra.socket.close(TRY_AGAIN_LATER);
    return false;
  }
}

function isOwnPage(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
