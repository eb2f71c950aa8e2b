import type { Evidence, LedgerImage, PromisedImage } from '../evidence.js';
import { type Finding, repeated } from './finding.js';

const ENDED = ['UPLOADED', 'FAILED', 'CANCELLED'];
/** Of a batch. */
const OPEN = ['QUEUED', 'RUNNING'];

/** What became of the images that were promised. */
export function imageFindings({ asked, ledger }: Evidence): Finding[] {
  const promised = asked.flatMap(({ answers }) => answers.slice(0, 1));
  const rows = new Map(ledger.images.map((row) => [`${row.batchId} ${row.position}`, row]));
  const known = new Set(promised.map(({ batchId }) => batchId));
  const wishes = promised.flatMap(({ batchId, images }) =>
    images.map((image) => ({ image, row: rows.get(`${batchId} ${image.position}`) })),
  );
  return [
    {
      name: 'images lost',
      cases: wishes.filter(({ row }) => !row || !ENDED.includes(row.status)).map(({ image, row }) => lost(image, row)),
    },
    { name: 'images failed', cases: ledger.images.filter(hasFailed).map(({ publicId, error }) => `${publicId}: ${error}`) },
    { name: 'images with another name than promised', cases: wishes.filter(isRenamed).map(({ image }) => image.publicId) },
    { name: 'indices given twice', cases: repeated(ledger.images.map(({ series, index }) => `series ${series} index ${index}`)) },
    { name: 'names given twice', cases: repeated(ledger.images.map(({ publicId }) => publicId)) },
    { name: 'batches without an end', cases: ledger.batches.filter(({ status }) => OPEN.includes(status)).map(({ id }) => id) },
    { name: 'batches that nobody was told of', cases: ledger.batches.filter(({ id }) => !known.has(id)).map(({ id }) => id) },
  ];
}

function lost({ publicId }: PromisedImage, row: LedgerImage | undefined): string {
  return `${publicId} is ${row?.status ?? 'not in the ledger'}`;
}

function hasFailed({ status }: LedgerImage): boolean {
  return ['FAILED', 'CANCELLED'].includes(status);
}

function isRenamed({ image, row }: { image: PromisedImage; row: LedgerImage | undefined }): boolean {
  return row !== undefined && (row.index !== image.index || row.publicId !== image.publicId || row.seed !== image.seed);
}
