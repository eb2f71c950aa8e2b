import { ColumnOptions } from 'typeorm';

/** A bigint that holds at most 2^53 - 1, as a JavaScript number. */
export const SAFE_BIGINT: ColumnOptions = {
  type: 'bigint',
  transformer: { to: (value: number) => value, from: (text: string | null) => (text === null ? null : Number(text)) },
};

/** Milliseconds, so that a JavaScript Date holds exactly what the row holds and cursors can be compared with it. */
export const INSTANT: ColumnOptions = { type: 'timestamptz', precision: 3 };
