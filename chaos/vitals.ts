import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Vital } from './evidence.js';
import type { Fleet } from './fleet.js';

/** Milliseconds. */
const EVERY = 2_000;

/** Measures every process of the service, again and again, from /proc and from what PostgreSQL knows. */
export class Vitals {
  readonly taken: Vital[] = [];
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly fleet: Fleet) {}

  start(): void {
    this.running = this.run();
  }

  /** Throws when something could not be measured. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const connections = await this.connections();
      if (connections)
        this.taken.push(...(await Promise.all(this.fleet.services.map((name) => this.vitalOf(name, connections[name] ?? 0)))));
      await setTimeout(EVERY, undefined, { signal }).catch(() => undefined);
    }
  }

  private async vitalOf(name: string, connections: number): Promise<Vital> {
    const folder = `/proc/${this.fleet.member(name).pid}`;
    const [status, handles] = await Promise.all([readFile(`${folder}/status`, 'utf8'), readdir(`${folder}/fd`)]);
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    return { process: name, at: Date.now(), memory: 1_024 * Number(kilobytes), handles: handles.length, connections };
  }

  /** By the name of the process; null in the moment in which all connections, ours as well, are cut. */
  private async connections(): Promise<Record<string, number> | null> {
    const query = 'SELECT application_name AS name, count(*)::int AS count FROM pg_stat_activity GROUP BY application_name';
    const rows = await this.fleet.postgres.query<{ name: string; count: number }>(query).catch(() => null);
    return rows && Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }
}
