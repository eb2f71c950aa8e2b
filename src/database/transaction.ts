import pRetry from 'p-retry';
import { DataSource, EntityManager } from 'typeorm';
import { durable, DurableStep } from '../durable/durable-steps.js';

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';

/**
 * PostgreSQL rolls a transaction back whose process has said nothing for so long: one that stands still, or whose host is gone without a word, must
 * not keep the locks on which all the others wait. Shorter than it takes to be counted among the dead. Milliseconds.
 */
export const TRANSACTION_SILENCE = 5_000;

/** Runs `work` in one transaction, which is one durable step; a deadlock or serialization failure is tried again, up to ten times with jitter. */
export function inTransaction<T>(dataSource: DataSource, step: DurableStep, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  const commit = () =>
    pRetry(() => dataSource.transaction(work), {
      retries: 10,
      minTimeout: 5,
      maxTimeout: 200,
      randomize: true,
      shouldRetry: ({ error }) => [DEADLOCK, SERIALIZATION_FAILURE].includes(sqlState(error) ?? ''),
    });
  return durable(step, commit);
}

/** The five-character SQLSTATE of a database error, or undefined. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { driverError?: { code?: unknown } })?.driverError?.code ?? (error as { code?: unknown })?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The constraint that a statement violated, or undefined. */
export function violatedConstraint(error: unknown): string | undefined {
  return (error as { driverError?: { constraint?: string } })?.driverError?.constraint;
}
