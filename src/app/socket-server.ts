import { Injectable, Logger, OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  DocumentNode,
  execute,
  ExecutionArgs,
  ExecutionResult,
  GraphQLError,
  GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';
import { CloseCode, Context, Disposable } from 'graphql-ws';
import { Extra, useServer } from 'graphql-ws/use/ws';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { UnauthenticatedError } from '../api/errors.js';
import { Caller } from '../auth/caller.js';
import { TokenReader } from '../auth/token-reader.js';
import { Config } from '../config/config.js';
import { inTime } from '../database/in-time.js';
import { AnswerTooLargeError, isAnswerTooLarge } from './answer-size.js';
import { isOwnHost } from './own-host.js';
import { MAX_REQUEST } from './request-size.js';
import { socketErrors } from './socket-errors.js';

type Params = Record<string, unknown>;
type Known = { caller?: Caller };

/** Close code of a websocket: it was not refused, it may come back. */
const TRY_AGAIN_LATER = 1013;
/** The longest that a timer can wait. Milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** How long the clients have to answer that the service stops. Milliseconds. */
const GOODBYE = 1_000;

/** GraphQL over websockets at /graphql, with graphql-ws. Nest's own server for it takes messages of 100 MiB, and leaves an upgrade of any other path hanging. */
@Injectable()
export class SocketServer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SocketServer.name);
  private readonly sockets = new WebSocketServer({ noServer: true, path: '/graphql', maxPayload: MAX_REQUEST });
  private graphql?: Disposable;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly schema: GraphQLSchemaHost,
    private readonly tokens: TokenReader,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    const options = {
      schema: this.schema.schema,
      context: ({ extra: { caller } }: Context<Params, Extra & Known>) => ({ caller }),
      onConnect: (socket: Context<Params, Extra & Known>) => this.admit(socket),
      ...socketErrors,
      execute: unlessTooLarge(execute),
      subscribe: unlessTooLarge(subscribe),
      ...(this.config.INTROSPECTION ? {} : { validate: withoutIntrospection }),
    };
    this.graphql = useServer<Params, Known>(options, this.sockets);
    // graphql-ws would print it with its stack; ws has closed the socket for it already.
    this.sockets.on('connection', (socket) => socket.removeAllListeners('error').on('error', ({ message }) => this.logger.debug(message)));
    const server: Server = this.adapter.httpAdapter.getHttpServer();
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.upgrade(request, socket, head));
  }

  async onModuleDestroy(): Promise<void> {
    const gone = Promise.resolve(this.graphql?.dispose());
    await inTime(gone, GOODBYE).catch(() => this.sockets.clients.forEach((socket) => socket.terminate()));
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!isOwnHost(request.headers.host, this.config)) return refuse(socket, '403 Forbidden');
    if (!this.sockets.shouldHandle(request)) return refuse(socket, '404 Not Found');
    this.sockets.handleUpgrade(request, socket, head, (client) => void this.sockets.emit('connection', client, request));
  }

  /** Reads the caller once for each websocket. An open service takes no socket from another site's page: its visitor never meant to come here. */
  private async admit({ connectionParams, extra }: Context<Params, Extra & Known>): Promise<boolean> {
    const { origin, host, authorization } = extra.request.headers;
    if (!this.config.authenticated && origin && !isOwnPage(origin, host)) return false;
    try {
      extra.caller = await this.tokens.read(connectionParams?.authorization ?? connectionParams?.Authorization ?? authorization);
      closeAt(extra.caller.until, extra.socket);
      return true;
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) extra.socket.close(TRY_AGAIN_LATER);
      return false;
    }
  }
}

/** Apollo refuses introspection over HTTP only; graphql-ws validates by itself. */
function withoutIntrospection(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  return validate(schema, document, [...specifiedRules, NoSchemaIntrospectionCustomRule]);
}

function unlessTooLarge<Result>(carryOut: (args: ExecutionArgs) => Result): (args: ExecutionArgs) => Result | ExecutionResult {
  return (args) => (isAnswerTooLarge(args) ? { errors: [new AnswerTooLargeError()] } : carryOut(args));
}

/** Who may still follow comes back with a new token. */
function closeAt(until: number | null, socket: WebSocket): void {
  if (until === null) return;
  const timer = setTimeout(() => socket.close(CloseCode.Forbidden, 'Forbidden'), Math.min(until - Date.now(), LONGEST_TIMER));
  socket.once('close', () => clearTimeout(timer));
}

function isOwnPage(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Nobody else would answer: Node gives an upgrade to its listeners alone. */
function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined).once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
