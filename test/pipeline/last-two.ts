import { Image } from '../../src/batch/image.entity.js';
import { OpenBatch } from '../../src/batch/open-batch.js';
import { BareLedger } from './bare-ledger.js';

const AT_ONCE = 8;
const ENDINGS = ['proveUpload', 'fail'] as const;

/** Ends the two last images of `rounds` batches in the same instant; resolves with the ids of the batches. */
export async function endInPairs(bare: BareLedger, rounds: number): Promise<string[]> {
  const ids: string[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, lane) => {
      for (let round = lane; round < rounds; round += AT_ONCE) ids.push(await endPair(bare, round));
    }),
  );
  return ids;
}

async function endPair(bare: BareLedger, round: number): Promise<string> {
  const images = await bare.insert(2, `user ${round % 50}`);
  const [{ batchId }] = images;
  await bare.ledger.change(batchId, 'claim generation', async (open) => {
    for (const image of await open.images()) await bringToUpload(open, image);
  });
  await Promise.all(
    images.map(({ id }, k) =>
      bare.ledger.change(batchId, 'claim generation', async (open) => {
        const [image] = await open.images({ id });
        await open.move(image, ENDINGS[(round >> k) & 1], { owner: null });
      }),
    ),
  );
  return batchId;
}

async function bringToUpload(open: OpenBatch, image: Image): Promise<void> {
  await open.move(image, 'claimGeneration');
  await open.move(image, 'acceptBytes');
  await open.move(image, 'claimUpload');
}
