import { GraphQLError } from 'graphql';
import { createHash } from 'node:crypto';
import { EntityManager } from 'typeorm';
import { GenerateBatchInput } from './generate-batch.input.js';
import { IdempotencyKey } from './idempotency-key.entity.js';

/** The key was used before, for another input. */
export class IdempotencyKeyReusedError extends GraphQLError {
  constructor() {
    super('This idempotencyKey was used before with another input. Use a new key for a new batch.', {
      extensions: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  }
}

/**
 * The id of the batch that the same input made before under its key; null when there is none, or no key. Throws IdempotencyKeyReusedError when
 * the input was another.
 */
export async function findFirstBatch(tx: EntityManager, username: string, input: GenerateBatchInput): Promise<string | null> {
  const { idempotencyKey: key } = input;
  const first = isGiven(key) ? await tx.findOneBy(IdempotencyKey, { username, key }) : null;
  if (first && first.inputHash !== hashOf(input)) throw new IdempotencyKeyReusedError();
  return first?.batchId ?? null;
}

/**
 * Takes the input's key for `batchId` within the caller's transaction, or returns the id of the batch that the same input made before.
 * Calls that race wait here for the first to commit. Throws IdempotencyKeyReusedError when the input was another.
 */
export async function takeKey(tx: EntityManager, username: string, input: GenerateBatchInput, batchId: string): Promise<string> {
  const { idempotencyKey: key } = input;
  if (!isGiven(key)) return batchId;
  await tx.query('INSERT INTO idempotency_key (username, key, input_hash, batch_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    ...[username, key, hashOf(input), batchId],
  ]);
  return (await findFirstBatch(tx, username, input)) ?? batchId;
}

function isGiven(key: string | null | undefined): key is string {
  return key !== undefined && key !== null;
}

/** The key is the user's own already, whether the input names them or not. */
function hashOf({ idempotencyKey: _key, username: _username, ...rest }: GenerateBatchInput): string {
  return createHash('sha256').update(canonical(rest)).digest('hex');
}

/** JSON with sorted keys and without nulls, so that the same input always gives the same text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    const entries = Object.entries(part).filter(([, inner]) => inner !== null && inner !== undefined);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
