import { randomUUID } from 'node:crypto';
import { BatchWish } from './service-client.js';
import { watchBatch, WatchOptions } from './watch-batch.js';

export type GenerateOptions = WatchOptions & Omit<BatchWish, 'prompt' | 'idempotencyKey'> & Partial<Pick<BatchWish, 'idempotencyKey'>>;

/** Asks for a batch, once however often the request must be sent, and watches it until it has ended. */
export function generate(prompt: string, options: GenerateOptions): Promise<void> {
  const { url: _, token: __, patience: ___, json, idempotencyKey = randomUUID(), ...wishes } = options;
  const beforehand = `Whether the batch was made is not known: the same command with --idempotency-key ${idempotencyKey} finds out, and makes no second one.`;
  return watchBatch(options, beforehand, async (client) => {
    const { batch, replayed } = await client.generate({ ...wishes, prompt, idempotencyKey });
    if (replayed && !json) console.log('This idempotency key has a batch already; here it is.');
    return batch;
  });
}
