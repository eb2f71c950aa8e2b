import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { HIGHEST_RAISE, IndexingService } from '../indexing/indexing.service.js';
import { folderOf, SeriesName } from './audit-scope.js';
import { StorageWalk } from './storage-walk.entity.js';

/** What adopting does to one series. */
export interface Adoption extends SeriesName {
  /** Reserved so far; 0: none. */
  lastIndex: number;
  /** The highest number that a name of this series has in storage; 0: none has one. */
  highestName: number;
  /** Indices from now on are to be above this. */
  above: number;
  /** Images that failed because their name was taken, and the batches that they belong to. */
  taken: { images: number; batchIds: string[] };
}

/** Raises series above the names that storage holds, so that new batches get free ones. */
@Injectable()
export class AdoptService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly config: Config,
    private readonly indexing: IndexingService,
  ) {}

  /** Every series that the ledger knows. */
  async allSeries(): Promise<SeriesName[]> {
    return this.dataSource.query('SELECT username, "character" FROM series ORDER BY id');
  }

  /** What would be done to each of `names` by what the walk has seen; `above`: an index that is to be passed in any case. Nothing is changed. */
  async plan(walk: StorageWalk, names: SeriesName[], above: number): Promise<Adoption[]> {
    const highest = await this.highestNames(walk);
    const plans: Adoption[] = [];
    for (const name of names) {
      const highestName = highest.get(folderOf(this.config.PUBLIC_ID_PREFIX, name)) ?? 0;
      plans.push(await this.planOne(name, highestName, Math.max(highestName, above)));
    }
    return plans;
  }

  /** Does it, and returns the highest index that is spent now. */
  async apply({ username, character, above }: Adoption): Promise<number> {
    await this.indexing.raiseAbove(username, character, above);
    return this.indexing.lastIndex((await this.indexing.find(username, character)) ?? {});
  }

  private async planOne({ username, character }: SeriesName, highestName: number, above: number): Promise<Adoption> {
    const series = await this.indexing.find(username, character);
    const lastIndex = await this.indexing.lastIndex(series ?? {});
    return { username, character, lastIndex, highestName, above, taken: await this.taken(series?.id ?? null) };
  }

  /** By the part of the public id before the number. */
  private async highestNames({ id }: StorageWalk): Promise<Map<string, number>> {
    const rows: { folder: string; highest: string }[] = await this.dataSource.query(
      `SELECT substring(public_id FROM '^.*/') AS folder, max(substring(public_id FROM '[0-9]+$')::numeric) AS highest
       FROM walked_asset WHERE walk_id = $1 AND public_id ~ '/[0-9]+$' GROUP BY folder`,
      [id],
    );
    return new Map(rows.map(({ folder, highest }) => [folder, Number(highest)]));
  }

  private async taken(seriesId: string | null): Promise<Adoption['taken']> {
    const [row]: Adoption['taken'][] = await this.dataSource.query(
      `SELECT count(*)::integer AS images, coalesce(array_agg(DISTINCT batch_id::text), '{}') AS "batchIds" FROM image
       WHERE series_id = $1 AND status = 'FAILED' AND error->>'code' = 'PUBLIC_ID_TAKEN'`,
      [seriesId],
    );
    return row;
  }
}

/** Whether it has anything to do. */
export function raises({ lastIndex, above }: Adoption): boolean {
  return above > lastIndex;
}

/** Whether a name in storage has a number that no series is raised above. */
export function isOutOfReach({ above }: Adoption): boolean {
  return above > HIGHEST_RAISE;
}
