import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AuditScope } from './audit-scope.js';
import { Content, DuplicateFinding, ImageRef, NameKind } from './finding.js';
import { StorageWalk } from './storage-walk.entity.js';

/** How many rows are read at a time. */
const ROWS = 1_000;
/** How many groups of the same bytes: all are sorted for each time. */
const GROUPS = 5_000;
/** How many names of the same bytes are told. */
const NAMES = 20;

/** What does not agree by what the walk saw and the ledger says now. */
export interface Suspect {
  kind: NameKind;
  publicId: string;
  image: ImageRef | null;
  ledger: Content | null;
  storage: Content | null;
  /** It may have been stored after its page was read: no fault unless storage says so once more. */
  recent: boolean;
}

interface Row {
  publicId: string;
  image: ImageRef | null;
  ledgerMd5: string | null;
  ledgerBytes: number | null;
  storageMd5: string | null;
  storageBytes: string | null;
  recent: boolean;
}

const IMAGE = `jsonb_build_object('id', i.id, 'batchId', i.batch_id, 'username', i.username, 'character', i."character", 'index', i.index, 'status', i.status) AS image,
  i.md5 AS "ledgerMd5", i.bytes AS "ledgerBytes"`;
const NO_IMAGE = `NULL AS image, NULL AS "ledgerMd5", NULL AS "ledgerBytes"`;
const ASSET = `a.md5 AS "storageMd5", a.bytes AS "storageBytes"`;
const NO_ASSET = `NULL AS "storageMd5", NULL AS "storageBytes"`;
const IN_SCOPE = '($2::bigint IS NULL OR i.series_id = $2)';
const OTHER_BYTES = '(i.md5, i.bytes) IS DISTINCT FROM (a.md5, a.bytes)';
const BEHIND = 'i.public_id > $3 AND a.public_id > $3';
const BOTH = 'walked_asset a JOIN image i USING (public_id) WHERE a.walk_id = $1';

/** For each kind the rows behind $3, in order of their public id, $4 of them. Clocks of several machines may differ by a minute. */
const QUERIES: Record<NameKind, string> = {
  missing: `SELECT public_id AS "publicId", ${IMAGE}, ${NO_ASSET},
      i.updated_at > (SELECT started_at FROM storage_walk WHERE id = $1) - interval '1 minute' AS recent
    FROM image i WHERE i.status = 'UPLOADED' AND ${IN_SCOPE} AND public_id > $3
      AND NOT EXISTS (SELECT FROM walked_asset a WHERE a.walk_id = $1 AND a.public_id = i.public_id AND a.public_id > $3) ORDER BY public_id LIMIT $4`,
  different: `SELECT public_id AS "publicId", ${IMAGE}, ${ASSET}, false AS recent
    FROM ${BOTH} AND i.status = 'UPLOADED' AND ${IN_SCOPE} AND ${OTHER_BYTES} AND ${BEHIND} ORDER BY public_id LIMIT $4`,
  taken: `SELECT public_id AS "publicId", ${IMAGE}, ${ASSET}, false AS recent
    FROM ${BOTH} AND i.status <> 'UPLOADED' AND ${IN_SCOPE} AND ${OTHER_BYTES} AND ${BEHIND} ORDER BY public_id LIMIT $4`,
  unknown: `SELECT public_id AS "publicId", ${NO_IMAGE}, ${ASSET}, false AS recent
    FROM walked_asset a WHERE a.walk_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2 AND public_id > $3
      AND NOT EXISTS (SELECT FROM image i WHERE i.public_id = a.public_id AND i.public_id > $3) ORDER BY public_id LIMIT $4`,
};

/** Compares the ledger with what a walk has seen, in the database, so that memory stays flat. */
@Injectable()
export class Suspects {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** All suspects of one kind, in order of their public id. */
  async *of(kind: NameKind, walk: StorageWalk, { seriesId }: AuditScope): AsyncGenerator<Suspect> {
    for (let after = ''; ;) {
      const rows: Row[] = await this.dataSource.query(QUERIES[kind], [walk.id, seriesId, after, ROWS]);
      for (const row of rows) yield suspect(kind, row);
      if (rows.length < ROWS) return;
      after = rows[ROWS - 1].publicId;
    }
  }

  /** Bytes that are there under several names: in storage, or within one series of the ledger. */
  async *duplicates(walk: StorageWalk, { seriesId }: AuditScope): AsyncGenerator<Omit<DuplicateFinding, 'confirmed'>> {
    for (let after = ''; ;) {
      const rows: Omit<DuplicateFinding, 'kind' | 'confirmed'>[] = await this.dataSource.query(
        `SELECT md5, count(*)::integer AS names, (array_agg(public_id ORDER BY public_id))[1:${NAMES}] AS "publicIds" FROM (
           SELECT md5, public_id FROM walked_asset a WHERE walk_id = $1 AND md5 > $3
           UNION
           SELECT md5, public_id FROM image i WHERE ${IN_SCOPE} AND md5 > $3 AND EXISTS (
             SELECT FROM image twin WHERE twin.series_id = i.series_id AND twin.sha256 = i.sha256 AND twin.index <> i.index)) AS named
         GROUP BY md5 HAVING count(*) > 1 ORDER BY md5 LIMIT $4`,
        [walk.id, seriesId, after, GROUPS],
      );
      for (const row of rows) yield { kind: 'duplicate', ...row };
      if (rows.length < GROUPS) return;
      after = rows[GROUPS - 1].md5;
    }
  }

  /** Images whose bytes are in storage already, though the pipeline has not got as far as to say so. No fault. */
  async onTheirWay(walk: StorageWalk, { seriesId }: AuditScope): Promise<number> {
    const [{ count }]: { count: number }[] = await this.dataSource.query(
      `SELECT count(*)::integer AS count FROM ${BOTH} AND i.status <> 'UPLOADED' AND ${IN_SCOPE} AND NOT ${OTHER_BYTES}`,
      [walk.id, seriesId],
    );
    return count;
  }
}

function suspect(kind: NameKind, { publicId, image, ledgerMd5, ledgerBytes, storageMd5, storageBytes, recent }: Row): Suspect {
  const ledger = image && { md5: ledgerMd5, bytes: ledgerBytes };
  const storage = storageMd5 === null ? null : { md5: storageMd5, bytes: Number(storageBytes) };
  return { kind, publicId, image, ledger, storage, recent };
}
