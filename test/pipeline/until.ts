import { ApiClient } from '../service/api-client.js';

type Counts = Record<'queued' | 'generating' | 'generated' | 'uploading' | 'uploaded' | 'failed' | 'cancelled', number>;

const COUNTS = 'query ($id: ID!) { batch(id: $id) { counts { queued generating generated uploading uploaded failed cancelled } } }';
const EVENTS = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { number } }';

/** Waits, event by event, until there are at least as many of each as asked; 0 asks for none. Throws when the batch ends before. */
export async function untilCounts(api: ApiClient, batchId: string, asked: Partial<Counts>): Promise<void> {
  for await (const _ of api.follow(EVENTS, { batchId })) {
    const { batch } = await api.ask<{ batch: { counts: Counts } }>(COUNTS, { id: batchId });
    if (Object.entries(asked).every(([name, count]) => isReached(count, batch.counts[name as keyof Counts]))) return;
  }
  throw new Error(`The batch has ended and was never ${JSON.stringify(asked)}.`);
}

/** Counts move on while they are asked for: the very number may never be seen. */
function isReached(asked: number, count: number): boolean {
  return asked === 0 ? count === 0 : count >= asked;
}
