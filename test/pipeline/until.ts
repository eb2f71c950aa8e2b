import { ApiClient } from '../service/api-client.js';

type Counts = Record<'queued' | 'generating' | 'generated' | 'uploading' | 'uploaded' | 'failed' | 'cancelled', number>;

const COUNTS = 'query ($id: ID!) { batch(id: $id) { counts { queued generating generated uploading uploaded failed cancelled } } }';
const EVENTS = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { number } }';

/** Waits, event by event, until the batch's counts are as asked. Throws when the batch ends before. */
export async function untilCounts(api: ApiClient, batchId: string, asked: Partial<Counts>): Promise<void> {
  for await (const _ of api.follow(EVENTS, { batchId })) {
    const { batch } = await api.ask<{ batch: { counts: Counts } }>(COUNTS, { id: batchId });
    if (Object.entries(asked).every(([name, count]) => batch.counts[name as keyof Counts] === count)) return;
  }
  throw new Error(`The batch has ended and was never ${JSON.stringify(asked)}.`);
}
