import type { Evidence } from '../../chaos/evidence.js';

const NAMES = ['filmroll/luna-1/000001', 'filmroll/luna-1/000002'];
const IMAGES = ['image-1', 'image-2'];
const PROMPTS = ['prompt-1', 'prompt-2'];
const PIPELINE = ['QUEUED', 'GENERATING', 'GENERATED', 'UPLOADING', 'UPLOADED'];

/** A batch of two images in which all went well, as every witness tells it. Times are seconds × 1000; image 2 is made by worker-2 from 10 s on. */
export function madeUpRun(): Evidence {
  const images = NAMES.map((publicId, k) => ({ position: k + 1, index: k + 1, publicId, seed: 100 + k }));
  const events = PIPELINE.flatMap((status) => images.map(({ position, index }) => ({ position, index, status })));
  const numbered = events.map((event, k) => ({ number: k + 1, ...event }));
  const answer = { batchId: 'batch', images: images.map((image) => ({ ...image })) };
  return {
    asked: [{ key: 'order 1', username: 'ada', character: 'luna', count: 2, answers: [answer], errors: { SERVICE_UNAVAILABLE: 3 } }],
    followed: [{ batchId: 'batch', events: numbered.map((event) => ({ ...event })), connections: 2, hasEnded: true }],
    ledger: {
      batches: [{ id: 'batch', status: 'COMPLETED', lastEvent: numbered.length }],
      images: images.map((image, k) => ({
        ...{ ...image, id: IMAGES[k], batchId: 'batch', series: '1', status: 'UPLOADED', error: null },
        ...{ sha256: `sha-${k}`, md5: `md5-${k}`, bytes: 500 + k },
      })),
      events: numbered.map((event) => ({ ...event, batchId: 'batch' })),
      changes: IMAGES.flatMap((imageId, k) =>
        PIPELINE.slice(1).map((after, step) => ({
          ...{
            imageId,
            at: 1_000 * (10 * k + step),
            by: `worker-${k + 1}`,
            before: PIPELINE[step],
            after,
            rescued: false,
            promptId: PROMPTS[k],
          },
        })),
      ),
    },
    storage: {
      pictures: NAMES.map((publicId, k) => ({ publicId, sha256: `sha-${k}`, md5: `md5-${k}`, bytes: 500 + k, fingerprint: `pixels-${k}` })),
      ...{ overwrites: 0, rewrites: 0, strays: [] },
    },
    runs: PROMPTS.map((promptId, k) => ({
      ...{ server: `comfyui-${k + 1}`, promptId, startedAt: 10_000 * k + 200, endedAt: 10_000 * k + 300 },
      ...{ outcome: 'success', fingerprints: [`pixels-${k}`] },
    })),
    faults: [],
    harms: [],
    crashes: [],
    vitals: [0, 10, 20, 30].map((at) => ({ process: 'worker-1', at, memory: 100_000_000, handles: 50, connections: 10 })),
  };
}
