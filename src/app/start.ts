import { Logger, LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Config } from '../config/config.js';
import { EmbeddedPostgres } from '../database/embedded-postgres/embedded-postgres.js';
import { inTime } from '../database/in-time.js';
import { QueueConnection } from '../queue/queue-connection.js';
import { HAND_BACK, Shift } from '../queue/shift.js';
import { AppModule } from './app.module.js';
import { MAX_REQUEST } from './request-size.js';
import { ServiceLog } from './service-log.js';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/** How much longer than the workers everything else may take to end. Milliseconds. */
const CLOSE_PATIENCE = 3_000;

export interface RunningService {
  /** Where it listens, without a slash at the end. */
  url: string;
  app: NestExpressApplication;
  /** Finishes or hands back what is in flight, then stops everything that was started, the database last. What hangs is left behind. */
  close(): Promise<void>;
  /** Leaves everything as it is, and only tells the embedded database to end: for a process that exits at once. */
  abandon(): void;
}

/** Starts what ROLE asks for: database, migrations, queue, API and workers. What has been started is stopped again if a later step fails. */
export async function startService(config: Config, pageDir: string): Promise<RunningService> {
  const started: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const stop of started.splice(0).toReversed()) await stop();
  };
  try {
    const database = await openDatabase(config);
    started.push(() => database.stop());
    const databaseUrl = database.url;
    const queue = await QueueConnection.open(config, databaseUrl);
    started.push(() => orLeave('queue', queue.close(), CLOSE_PATIENCE));
    const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot({ config, databaseUrl, queue, pageDir }), {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    });
    started.push(() => {
      queue.giveUp();
      void app.get(Shift, { strict: false }).end();
      return orLeave('service', app.close(), config.SHUTDOWN_TIMEOUT + HAND_BACK + CLOSE_PATIENCE);
    });
    app.useBodyParser('json', { limit: MAX_REQUEST });
    app.disable('x-powered-by');
    await app.listen(config.PORT, config.HOST);
    // Only now: nobody wants to read how Nest wires its modules, and what keeps it from starting is thrown.
    app.useLogger(new ServiceLog(LEVELS.slice(0, LEVELS.indexOf(config.LOG_LEVEL) + 1)));
    config.PORT = (app.getHttpServer().address() as AddressInfo).port;
    return { url: config.origin, app, close, abandon: () => database.abandon() };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The embedded database, started, or another one, which is not ours to stop. */
async function openDatabase({ DATABASE_URL: url, DATA_DIR }: Config): Promise<Pick<EmbeddedPostgres, 'url' | 'stop' | 'abandon'>> {
  if (url === null) return EmbeddedPostgres.start(DATA_DIR);
  return { url, stop: async () => undefined, abandon: () => undefined };
}

/** Waits for something to end, but not for ever: it may hang on a database that does not answer. */
async function orLeave(name: string, ending: Promise<void>, patience: number): Promise<void> {
  await inTime(ending, patience).catch((error: Error) => new Logger('Shutdown').warn(`The ${name} did not end: ${error.message}`));
}

/** The built pages lie beside the compiled service. */
export function pageDirBeside(mainFile: string): string {
  return join(mainFile, '..', 'studio', 'page');
}
