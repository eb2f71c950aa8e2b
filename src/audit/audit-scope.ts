import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { isName } from '../api/text.js';
import { publicId } from '../batch/public-id.js';
import { Config } from '../config/config.js';
import { IndexingService } from '../indexing/indexing.service.js';
import { UnknownSeriesError } from './audit-errors.js';

export interface SeriesName {
  username: string;
  character: string;
}

/** Which part of ledger and storage is compared. */
export interface AuditScope {
  /** All of storage that is ours begins with one of these; each ends with a slash, and none lies within another. */
  prefixes: string[];
  /** The only series whose images count; null: all, `NO_SERIES`: none is known. */
  seriesId: string | null;
}

/** Identities begin at 1. */
export const NO_SERIES = '0';

/** Where the pictures of a series lie: what comes before the number in each of their names. */
export function folderOf(prefix: string, { username, character }: SeriesName): string {
  return publicId(prefix, username, character, 0).replace(/\d+$/, '');
}

/** Finds out what is to be compared. */
@Injectable()
export class AuditScopes {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly config: Config,
    private readonly indexing: IndexingService,
  ) {}

  /** Everything of ours: under PUBLIC_ID_PREFIX, and under every other prefix that images in the ledger have. */
  async everything(): Promise<AuditScope> {
    const prefixes = [this.config.PUBLIC_ID_PREFIX, ...(await this.prefixesInLedger(null))];
    return { prefixes: outermost(prefixes.map((prefix) => `${prefix}/`)), seriesId: null };
  }

  /** One series, which the ledger need not know. Throws `UnknownSeriesError` for what can be no name at all. */
  async series(name: SeriesName): Promise<AuditScope> {
    if (!isName(name.username) || !isName(name.character)) throw new UnknownSeriesError();
    const seriesId = (await this.indexing.find(name.username, name.character))?.id ?? NO_SERIES;
    const prefixes = [this.config.PUBLIC_ID_PREFIX, ...(await this.prefixesInLedger(seriesId))];
    return { prefixes: outermost(prefixes.map((prefix) => folderOf(prefix, name))), seriesId };
  }

  /** How many assets the ledger says storage has. */
  async expected({ seriesId }: AuditScope): Promise<number> {
    const [{ count }]: { count: number }[] = await this.dataSource.query(
      `SELECT count(*)::integer AS count FROM image WHERE status = 'UPLOADED' AND ($1::bigint IS NULL OR series_id = $1)`,
      [seriesId],
    );
    return count;
  }

  private async prefixesInLedger(seriesId: string | null): Promise<string[]> {
    const rows: { prefix: string }[] = await this.dataSource.query(
      `SELECT DISTINCT regexp_replace(public_id, '/[^/]+/[^/]+$', '') AS prefix FROM image WHERE $1::bigint IS NULL OR series_id = $1`,
      [seriesId],
    );
    return rows.map(({ prefix }) => prefix);
  }
}

function outermost(prefixes: string[]): string[] {
  const all = [...new Set(prefixes)].toSorted();
  return all.filter((prefix) => !all.some((other) => other !== prefix && prefix.startsWith(other)));
}
