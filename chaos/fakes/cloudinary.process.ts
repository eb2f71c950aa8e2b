import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { FakeCloudinary } from '../../test/cloudinary/fake-cloudinary.js';
import { faultNames } from '../../test/cloudinary/faults.js';
import { fingerprintOfPicture } from '../../test/comfyui/picture.js';
import type { Storage, StoredPicture } from '../evidence.js';

interface Options {
  seed: number;
  /** Of each fault, 0…1. */
  faults: number;
}

type Order = { leaveFor: number } | { report: true };

const { seed, faults } = JSON.parse(process.argv[2]) as Options;
/** Those that slow a whole uploader down are rarer, or nothing else would happen. */
const slowing = ['rateLimited', 'tooManyRequests'];

const fake = await FakeCloudinary.start({ seed, adminLimit: { calls: 500, windowMs: 2_000 } });
for (const name of faultNames) fake.faults[name].withProbability(slowing.includes(name) ? faults / 10 : faults);

process.on('message', (order: Order) => void ('report' in order ? report() : leave(order.leaveFor)));
process.on('disconnect', () => process.exit());
process.send?.(fake.cloudinaryUrl);

/** It is away with all that it holds, and comes back with it. */
async function leave(milliseconds: number): Promise<void> {
  await fake.goAway();
  await setTimeout(milliseconds);
  await fake.comeBack();
}

async function report(): Promise<void> {
  const pictures: StoredPicture[] = [];
  for (const { publicId, bytes } of fake.assets.values()) {
    const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
    const fingerprint = await fingerprintOfPicture(bytes).catch(() => 'no picture');
    pictures.push({ publicId, sha256: hash('sha256'), md5: hash('md5'), bytes: bytes.length, fingerprint });
  }
  const { overwrites, rewrites } = fake;
  const storage: Storage = { pictures, overwrites, rewrites, strays: fake.strays.map(({ publicId }) => publicId) };
  process.send?.(storage);
}
