import { BatchCounts, BatchStatus, batchStatus, hasEnded } from './batch-status.js';

const { QUEUED, RUNNING, COMPLETED, PARTIALLY_COMPLETED, CANCELLED, FAILED } = BatchStatus;
const NONE: BatchCounts = { queued: 0, generating: 0, generated: 0, uploading: 0, uploaded: 0, failed: 0, cancelled: 0 };

function status(counts: Partial<BatchCounts>, before = RUNNING): BatchStatus {
  return batchStatus(before, { ...NONE, ...counts }, 4);
}

describe('the status of a batch of four', () => {
  it('is QUEUED until the first claim, and never again', () => {
    expect(status({ queued: 4 }, QUEUED)).toBe(QUEUED);
    expect(status({ queued: 3, generating: 1 }, QUEUED)).toBe(RUNNING);
    expect(status({ queued: 4 }, RUNNING)).toBe(RUNNING);
    expect(status({ queued: 4 }, FAILED)).toBe(RUNNING);
  });

  it.each([['queued'], ['generating'], ['generated'], ['uploading']])('is RUNNING as long as one is %s', (last) => {
    expect(status({ uploaded: 1, failed: 1, cancelled: 1, [last]: 1 })).toBe(RUNNING);
  });

  it.each([
    [{ uploaded: 4 }, COMPLETED],
    [{ uploaded: 3, failed: 1 }, PARTIALLY_COMPLETED],
    [{ uploaded: 1, cancelled: 3 }, PARTIALLY_COMPLETED],
    [{ cancelled: 4 }, CANCELLED],
    [{ failed: 3, cancelled: 1 }, CANCELLED],
    [{ failed: 4 }, FAILED],
  ])('is, ended with %j, %s', (counts, expected) => {
    expect(status(counts)).toBe(expected);
    expect(status(counts, QUEUED)).toBe(expected);
  });
});

test('a batch has ended in every status but QUEUED and RUNNING', () => {
  expect(Object.values(BatchStatus).filter(hasEnded)).toEqual([COMPLETED, PARTIALLY_COMPLETED, CANCELLED, FAILED]);
});
