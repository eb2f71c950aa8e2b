import { ConsoleLogger, LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Config } from '../config/config.js';
import { EmbeddedPostgres } from '../database/embedded-postgres/embedded-postgres.js';
import { QueueConnection } from '../queue/queue-connection.js';
import { AppModule } from './app.module.js';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

export interface RunningService {
  /** Where it listens, without a slash at the end. */
  url: string;
  app: NestExpressApplication;
  /** Finishes or hands back what is in flight, then stops everything that was started, the database last. */
  close(): Promise<void>;
}

/** Starts the whole service: database, migrations, queue, API and workers. What has been started is stopped again if a later step fails. */
export async function startService(config: Config, pageDir: string): Promise<RunningService> {
  const started: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const stop of started.splice(0).toReversed()) await stop();
  };
  try {
    const databaseUrl = config.DATABASE_URL ?? (await startDatabase(config, started));
    const queue = await QueueConnection.open(config, databaseUrl);
    started.push(() => queue.close());
    const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot({ config, databaseUrl, queue, pageDir }), {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    });
    started.push(() => app.close());
    app.useBodyParser('json', { limit: '1mb' });
    app.disable('x-powered-by');
    await app.listen(config.PORT, config.HOST);
    // Only now: nobody wants to read how Nest wires its modules, and what keeps it from starting is thrown.
    app.useLogger(new ConsoleLogger({ logLevels: LEVELS.slice(0, LEVELS.indexOf(config.LOG_LEVEL) + 1) }));
    config.PORT = (app.getHttpServer().address() as AddressInfo).port;
    return { url: config.origin, app, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startDatabase(config: Config, started: (() => Promise<void>)[]): Promise<string> {
  const database = await EmbeddedPostgres.start(config.DATA_DIR);
  started.push(() => database.stop());
  return database.url;
}

/** The built pages lie beside the compiled service. */
export function pageDirBeside(mainFile: string): string {
  return join(mainFile, '..', 'studio', 'page');
}
