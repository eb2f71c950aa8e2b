import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../database/transaction.js';
import { Series } from './series.entity.js';

/** The highest index above which a series can be raised. */
export const HIGHEST_RAISE = 100_000_000;
const STEP = 100_000;

/** No series is raised so high. */
export class IndexTooHighError extends Error {
  constructor() {
    super(`A series is raised above ${HIGHEST_RAISE} at most.`);
    this.name = 'IndexTooHighError';
  }
}

export interface Reservation {
  seriesId: string;
  /** `count` numbers that nobody else ever gets, rising. */
  indices: number[];
}

/** Hands out indices: the only way to one, backed by one Postgres SEQUENCE for each (username, character). */
@Injectable()
export class IndexingService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Reserves the next `count` indices of the series within the caller's transaction, which must write the rows that use them.
   * If it rolls back the numbers are gaps; none is ever given out twice.
   */
  async reserve(tx: EntityManager, username: string, character: string, count: number): Promise<Reservation> {
    const seriesId = await this.ensureSeries(tx, username, character);
    const rows: { index: number }[] = await tx.query(
      `SELECT nextval($1::regclass)::integer AS index FROM generate_series(1, $2::integer) ORDER BY index`,
      [sequenceOf(seriesId), count],
    );
    return { seriesId, indices: rows.map(({ index }) => index) };
  }

  /** Moves the series' sequence past every index in the ledger: needed when a restored backup left it behind. */
  async moveOn(username: string, character: string): Promise<void> {
    const { id } = await this.dataSource.manager.findOneByOrFail(Series, { username, character });
    const [{ highest }]: { highest: number }[] = await this.dataSource.query(
      'SELECT max(index) AS highest FROM image WHERE series_id = $1',
      [id],
    );
    await this.raiseAbove(username, character, highest);
  }

  /**
   * Sees to it that every index reserved from now on is above `index`, and makes the series when nothing was ever reserved for it. Takes seconds for
   * millions. Throws `IndexTooHighError` above HIGHEST_RAISE.
   */
  async raiseAbove(username: string, character: string, index: number): Promise<void> {
    if (index > HIGHEST_RAISE) throw new IndexTooHighError();
    const seriesId = await inTransaction(this.dataSource, 'move sequence on', (tx) => this.ensureSeries(tx, username, character));
    while ((await this.lastIndex({ id: seriesId })) < index) await this.climb(seriesId, index);
  }

  /** The series of a character, or null while nothing was ever reserved for it. */
  find(username: string, character: string): Promise<Series | null> {
    return this.dataSource.manager.findOneBy(Series, { username, character });
  }

  /** The highest index reserved so far; 0 before the first. */
  async lastIndex({ id }: Partial<Series>): Promise<number> {
    if (id === undefined) return 0;
    const sql = `SELECT (CASE WHEN is_called THEN last_value ELSE 0 END)::integer AS last FROM ${sequenceOf(id)}`;
    const [{ last }]: { last: number }[] = await this.dataSource.query(sql);
    return last;
  }

  async imageCount({ id }: Partial<Series>): Promise<number> {
    if (id === undefined) return 0;
    const [{ count }]: { count: number }[] = await this.dataSource.query(
      'SELECT count(*)::integer AS count FROM image WHERE series_id = $1',
      [id],
    );
    return count;
  }

  /** Only ever forwards, with `nextval`: `setval` could race a reservation backwards. In steps, so that two who raise at once share the way. */
  private async climb(seriesId: string, index: number): Promise<void> {
    const sequence = sequenceOf(seriesId);
    await inTransaction(this.dataSource, 'move sequence on', (tx) =>
      tx.query(
        `SELECT count(nextval($1::regclass)) FROM generate_series(1, least($2::bigint,
           $3::bigint - (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ${sequence})))`,
        [sequence, STEP, index],
      ),
    );
  }

  /** Only who inserts the row makes the sequence: CREATE SEQUENCE IF NOT EXISTS fails when two race. */
  private async ensureSeries(tx: EntityManager, username: string, character: string): Promise<string> {
    const known = await tx.findOneBy(Series, { username, character });
    if (known) return known.id;
    const [made]: { id: string }[] = await tx.query(
      'INSERT INTO series (username, "character") VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
      [username, character],
    );
    if (!made) return (await tx.findOneByOrFail(Series, { username, character })).id;
    await tx.query(`CREATE SEQUENCE ${sequenceOf(made.id)} AS integer`);
    return made.id;
  }
}

function sequenceOf(seriesId: string): string {
  return `series_${BigInt(seriesId)}`;
}
