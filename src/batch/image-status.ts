import { registerEnumType } from '@nestjs/graphql';

/** Where one image is on its way. */
export enum ImageStatus {
  QUEUED = 'QUEUED',
  GENERATING = 'GENERATING',
  GENERATED = 'GENERATED',
  UPLOADING = 'UPLOADING',
  UPLOADED = 'UPLOADED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(ImageStatus, {
  name: 'ImageStatus',
  description: 'Where one image is on its way. The past participles are resting places that survive any crash.',
  valuesMap: {
    QUEUED: { description: 'Its index, public id and seed are fixed and durable; no generator has it yet.' },
    GENERATING: { description: 'A generator is working on it.' },
    GENERATED: { description: 'Its bytes and their hash are safe with us; it is not in storage yet.' },
    UPLOADING: { description: 'Its bytes are on their way to storage.' },
    UPLOADED: { description: 'Storage has been proven to hold exactly our bytes under exactly our public id.' },
    FAILED: {
      description: 'It will not be tried again by itself; `error` says why. `retryBatch` takes it up again under the same index.',
    },
    CANCELLED: { description: 'Cancelled before it was uploaded.' },
  },
});
