import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import pRetry from 'p-retry';
import { DataSource } from 'typeorm';
import { inTime } from './in-time.js';
import { SturdyClient } from './sturdy-client.js';

const CHANNEL = 'filmroll';
/** A wake-up that the database has not taken by then is given up for those that wait behind it. Milliseconds. */
const SENT_WITHIN = 5_000;
/** Each of the two steps to hearing wake-ups may take so long: to be let in, and to be listening. Milliseconds. */
const LISTENING_WITHIN = 10_000;

/**
 * Tells every process on the database that something has changed, over LISTEN/NOTIFY. A wake-up may be lost while a connection is:
 * after a reconnection every listener is called once, and whoever waits re-reads its rows now and then besides.
 */
@Injectable()
export class WakeUps implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(WakeUps.name);
  private readonly listeners = new EventEmitter().setMaxListeners(0);
  private readonly stop = new AbortController();
  private pending = new Map<string, { topic: string; note: string }>();
  private sending = false;
  private client?: SturdyClient;

  constructor(
    private readonly dataSource: DataSource,
    private readonly url: string,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.client?.end().catch(() => undefined);
  }

  /** Wakes the listeners of `topic` in every process, soon. Wake-ups about the same thing that come close together become one, with the newest `note`. */
  ring(topic: string, note = '', about = ''): void {
    this.pending.set(`${topic} ${about}`, { topic, note });
    if (!this.sending) void this.send();
  }

  /** Calls `listener` at each wake-up of `topic`, with its note, until the returned function is called; without a note after a reconnection. */
  listen(topic: string, listener: (note: string) => void): () => void {
    const key = `topic ${topic}`;
    this.listeners.on(key, listener);
    return () => void this.listeners.off(key, listener);
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.pending.size > 0) {
      const payloads = [...this.pending.values()].map(({ topic, note }) => `${topic} ${note}`);
      this.pending = new Map();
      const sent = this.dataSource.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) payload', [CHANNEL, payloads]);
      await inTime(sent, SENT_WITHIN).catch((error: Error) => this.logger.warn(`A wake-up was not sent: ${error.message}`));
    }
    this.sending = false;
  }

  private async connect(): Promise<void> {
    const settings = {
      connectionString: this.url,
      keepAlive: true,
      connectionTimeoutMillis: LISTENING_WITHIN,
      application_name: 'filmroll wake-ups',
    };
    const client = new SturdyClient(settings);
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    // From the start: the end may come before whoever awaits LISTEN is told that it has worked.
    let lost = false;
    client.once('end', () => {
      lost = true;
      if (this.client === client) void this.reconnect();
    });
    try {
      await client.connect();
      await inTime(client.query(`LISTEN ${CHANNEL}`), LISTENING_WITHIN);
      if (lost) throw new Error('The connection was lost at once.');
      this.client = client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  private async reconnect(): Promise<void> {
    if (this.stop.signal.aborted) return;
    this.logger.warn('The LISTEN connection was lost; connecting again.');
    const backoff = { retries: Infinity, minTimeout: 100, maxTimeout: 5_000, randomize: true, signal: this.stop.signal };
    await pRetry(() => this.connect(), backoff).then(
      () => this.wakeAll(),
      () => undefined,
    );
  }

  private receive(payload: string): void {
    const space = payload.indexOf(' ');
    this.listeners.emit(`topic ${payload.slice(0, space)}`, payload.slice(space + 1));
  }

  private wakeAll(): void {
    this.logger.log('The LISTEN connection is back.');
    for (const topic of this.listeners.eventNames()) this.listeners.emit(topic, '');
  }
}
