import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';

const BEAT_EVERY = 1_500;
/** A process not seen for so long is dead: its claims are taken from it. Milliseconds. */
export const DEAD_AFTER = 7_000;
/** After so long its row is removed. A claim whose owner has no row is taken back like that of a dead one. Milliseconds. */
const FORGOTTEN_AFTER = 24 * 3_600_000;

/** Keeps this process's row in `worker_process` young, by the database's clock, for as long as it lives. */
@Injectable()
export class Heartbeat implements OnModuleInit, OnApplicationShutdown {
  readonly processId = randomUUID();
  private readonly logger = new Logger(Heartbeat.name);
  private timer?: NodeJS.Timeout;
  private steadySince = performance.now();
  private lastBeat = performance.now();

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    await this.forgetTheLongDead();
    await this.beat();
    this.timer = setInterval(
      () => void this.beat().catch((error: Error) => this.logger.warn(`No heartbeat: ${error.message}`)),
      BEAT_EVERY,
    );
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Whether this process has beaten without a gap for so long that a row which is old now belongs to a dead process,
   * and not to one that was cut off from the database together with us.
   */
  get canJudge(): boolean {
    const now = performance.now();
    return now - this.lastBeat < 2 * BEAT_EVERY && now - this.steadySince > DEAD_AFTER;
  }

  private async forgetTheLongDead(): Promise<void> {
    await this.dataSource.query(`DELETE FROM worker_process WHERE seen_at < clock_timestamp() - $1 * interval '1 ms'`, [FORGOTTEN_AFTER]);
  }

  private async beat(): Promise<void> {
    await this.dataSource.query(
      'INSERT INTO worker_process (id, seen_at) VALUES ($1, clock_timestamp()) ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()',
      [this.processId],
    );
    const now = performance.now();
    if (now - this.lastBeat > 2 * BEAT_EVERY) this.steadySince = now;
    this.lastBeat = now;
  }
}
