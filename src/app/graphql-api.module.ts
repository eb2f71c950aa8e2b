import { ApolloDriver, ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { IncomingMessage } from 'node:http';
import { AuthModule } from '../auth/auth.module.js';
import { TokenReader } from '../auth/token-reader.js';
import { Config } from '../config/config.js';
import { answerSize } from './answer-size.plugin.js';
import { formatError } from './format-error.js';
import { PARSE_OPTIONS } from './parse-options.js';
import { socketOnly } from './socket-only.plugin.js';
import { SocketServer } from './socket-server.js';
import { unavailable } from './unavailable.plugin.js';

/** The GraphQL API over HTTP and graphql-ws, at /graphql. */
@Module({
  imports: [
    AuthModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [AuthModule],
      inject: [TokenReader, Config],
      useFactory: (tokens: TokenReader, config: Config): Omit<ApolloDriverConfig, 'driver'> => ({
        autoSchemaFile: true,
        sortSchema: true,
        graphiql: false,
        // The deadline holds for every field that has to wait, and not for the first alone.
        fieldResolverEnhancers: ['interceptors'],
        // Whatever NODE_ENV says: the schema is public unless the operator decides otherwise.
        introspection: config.INTROSPECTION,
        parseOptions: PARSE_OPTIONS,
        // They are forgotten at each restart, and another process has never seen them.
        persistedQueries: false,
        plugins: [socketOnly, answerSize, unavailable],
        includeStacktraceInErrorResponses: false,
        preserveHttpStatusForExecutionErrors: false,
        autoTransformHttpErrors: false,
        formatError,
        context: async ({ req }: { req: IncomingMessage }) => ({ caller: await tokens.read(req.headers.authorization) }),
      }),
    }),
  ],
  providers: [SocketServer],
})
export class GraphqlApiModule {}
