import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, Raw } from 'typeorm';
import { BackendSighting } from './backend-sighting.entity.js';
import { Backend } from './backend.model.js';

/** A worker that has not reported for so long says nothing about a backend any more. Milliseconds. */
const REPORTS_COUNT_FOR = 15_000;

export type Sighting = Omit<BackendSighting, 'processId' | 'reportedAt'>;

/** What the workers last saw of each backend, kept in rows that every process reads. */
@Injectable()
export class BackendsService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Replaces what this process says about the backends. */
  async report(processId: string, sightings: Sighting[]): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(`DELETE FROM backend_sighting WHERE process_id = $1 OR reported_at < clock_timestamp() - $2 * interval '1 ms'`, [
        processId,
        4 * REPORTS_COUNT_FOR,
      ]);
      await tx.insert(
        BackendSighting,
        sightings.map((sighting) => ({ ...sighting, processId })),
      );
    });
  }

  /** Every backend that a living worker knows, merged over the workers: healthy when any of them finds it so. */
  async list(): Promise<Backend[]> {
    const sightings = await this.fresh();
    const inFlight = await this.inFlight();
    const names = [...new Set(sightings.map(({ name }) => name))];
    return names.map((name) => ({
      ...merge(sightings.filter((sighting) => sighting.name === name)),
      inFlight: inFlight.get(name) ?? 0,
    }));
  }

  /** The embeddings of each backend that has answered a living worker, as last told; null for one that takes any name. Empty when no backend is known. */
  async embeddingLists(): Promise<(string[] | null)[]> {
    const newestLast = (await this.fresh()).filter(({ lastSeenAt }) => lastSeenAt !== null).toReversed();
    return [...new Map(newestLast.map(({ name, embeddings }) => [name, embeddings])).values()];
  }

  private fresh(): Promise<BackendSighting[]> {
    // By the database's clock, which has written it.
    const reportedAt = Raw((column) => `${column} > clock_timestamp() - :age * interval '1 ms'`, { age: REPORTS_COUNT_FOR });
    return this.dataSource.manager.find(BackendSighting, { where: { reportedAt }, order: { name: 'ASC', lastSeenAt: 'DESC' } });
  }

  private async inFlight(): Promise<Map<string, number>> {
    const rows: { backend: string; count: number }[] = await this.dataSource.query(
      `SELECT backend, count(*)::integer AS count FROM image WHERE status = 'GENERATING' GROUP BY backend`,
    );
    return new Map(rows.map(({ backend, count }) => [backend, count]));
  }
}

function merge(seen: BackendSighting[]): Omit<Backend, 'inFlight'> {
  const { name, healthy, version, lastError, lastSeenAt } = seen.find((sighting) => sighting.healthy) ?? seen[0];
  return { name, healthy, version, lastError, lastSeenAt };
}
