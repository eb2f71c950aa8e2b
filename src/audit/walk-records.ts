import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inTransaction } from '../database/transaction.js';
import { AssetPage } from '../upload/asset-storage.js';
import { WalkInProgressError } from './audit-errors.js';
import { StorageWalk } from './storage-walk.entity.js';

/** Class of the advisory locks that keep two processes off the same walk. */
const WALK_LOCK = 7_201_003;
/** What was seen longer ago says too little about today. */
const TOO_OLD = '1 day';
/** Of other walks, so that what nobody goes on with does not stay for ever. */
const FORGOTTEN = '7 days';

/** Keeps what a walk has seen and where it is, so that it can go on after whatever has stopped it. */
@Injectable()
export class WalkRecords {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Runs `work` while no other process walks through the same prefixes. Throws `WalkInProgressError` when one does. */
  async exclusively<T>(prefixes: string[], work: () => Promise<T>): Promise<T> {
    // oxlint-disable-next-line durable/named-steps -- a lock of the session, which goes with it
    const session = this.dataSource.createQueryRunner();
    const key = [WALK_LOCK, prefixes.join(' ')];
    try {
      const [{ locked }]: { locked: boolean }[] = await session.query('SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked', key);
      if (!locked) throw new WalkInProgressError();
      return await work();
    } finally {
      await session.query('SELECT pg_advisory_unlock($1, hashtext($2))', key).catch(() => undefined);
      await session.release();
    }
  }

  /** The walk of this storage and these prefixes that was stopped within the last day, or null. */
  async stopped(place: string, prefixes: string[]): Promise<StorageWalk | null> {
    const walks = this.dataSource.manager.createQueryBuilder(StorageWalk, 'walk').where({ place });
    return walks
      .andWhere('walk.prefixes = :prefixes', { prefixes })
      .andWhere(`walk.startedAt > now() - interval '${TOO_OLD}'`)
      .orderBy('walk.id', 'DESC')
      .getOne();
  }

  /** A new walk of this storage and these prefixes; older ones of the same prefixes are forgotten. */
  begin(place: string, prefixes: string[]): Promise<StorageWalk> {
    return inTransaction(this.dataSource, 'begin walk', async (tx) => {
      await tx.query(`DELETE FROM storage_walk WHERE prefixes = $1 OR started_at < now() - interval '${FORGOTTEN}'`, [prefixes]);
      return tx.save(tx.create(StorageWalk, { place, prefixes, cursor: null }));
    });
  }

  /** Writes down a page and where the next one begins, both or neither. */
  async save(walk: StorageWalk, { assets, cursor }: AssetPage): Promise<void> {
    const { id, prefixesDone: done } = walk;
    const next = { cursor, prefixesDone: cursor === null ? done + 1 : done, seen: walk.seen + assets.length };
    const columns = [assets.map(({ publicId }) => publicId), assets.map(({ bytes }) => bytes), assets.map(({ md5 }) => md5)];
    await inTransaction(this.dataSource, 'save walked page', async (tx) => {
      await tx.query(
        `INSERT INTO walked_asset (walk_id, public_id, bytes, md5)
         SELECT DISTINCT ON (public_id) $1::bigint, public_id, bytes, md5 FROM unnest($2::text[], $3::bigint[], $4::text[]) AS seen (public_id, bytes, md5)
         ON CONFLICT (walk_id, public_id) DO UPDATE SET bytes = excluded.bytes, md5 = excluded.md5`,
        [id, ...columns],
      );
      await tx.update(StorageWalk, { id }, next);
    });
    Object.assign(walk, next);
  }

  /** Tells the planner how much there is, before a walk is compared. */
  async finish(): Promise<void> {
    await this.dataSource.query('ANALYZE walked_asset, image');
  }

  /** Forgets a walk that has been reported on. */
  async remove({ id }: StorageWalk): Promise<void> {
    await inTransaction(this.dataSource, 'forget walk', (tx) => tx.delete(StorageWalk, { id }));
  }
}
