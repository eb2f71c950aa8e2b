import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum BatchStatus {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  COMPLETED = 'COMPLETED',
  PARTIALLY_COMPLETED = 'PARTIALLY_COMPLETED',
  CANCELLED = 'CANCELLED',
  FAILED = 'FAILED',
}

registerEnumType(BatchStatus, {
  name: 'BatchStatus',
  valuesMap: {
    QUEUED: { description: 'No image has been claimed yet.' },
    RUNNING: { description: 'From the first claim until every image is UPLOADED, FAILED or CANCELLED.' },
    COMPLETED: { description: 'Ended; every image is UPLOADED.' },
    PARTIALLY_COMPLETED: { description: 'Ended; some images are UPLOADED, some are not.' },
    CANCELLED: { description: 'Ended; no image is UPLOADED, at least one was cancelled.' },
    FAILED: { description: 'Ended; no image is UPLOADED and none was cancelled.' },
  },
});

/** How many images of a batch are in each status. */
@ObjectType()
export class BatchCounts {
  @Field(() => Int)
  queued: number;

  @Field(() => Int)
  generating: number;

  @Field(() => Int)
  generated: number;

  @Field(() => Int)
  uploading: number;

  @Field(() => Int)
  uploaded: number;

  @Field(() => Int)
  failed: number;

  @Field(() => Int)
  cancelled: number;
}

/** The status of a batch of `count` images, from its counts and the status it had: QUEUED is left at the first claim and never comes back. */
export function batchStatus(before: BatchStatus, counts: BatchCounts, count: number): BatchStatus {
  const ended = counts.uploaded + counts.failed + counts.cancelled === count;
  if (!ended) return before === BatchStatus.QUEUED && counts.queued === count ? BatchStatus.QUEUED : BatchStatus.RUNNING;
  if (counts.uploaded === count) return BatchStatus.COMPLETED;
  if (counts.uploaded > 0) return BatchStatus.PARTIALLY_COMPLETED;
  return counts.cancelled > 0 ? BatchStatus.CANCELLED : BatchStatus.FAILED;
}

/** Whether nothing more happens to a batch in this status, unless somebody retries it. */
export function hasEnded(status: BatchStatus): boolean {
  return status !== BatchStatus.QUEUED && status !== BatchStatus.RUNNING;
}
