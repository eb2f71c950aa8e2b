import { BatchCounts, BatchStatus, batchStatus, hasEnded } from '../../src/batch/batch-status.js';
import { ImageStatus } from '../../src/batch/image-status.js';
import { TRANSITIONS } from '../../src/batch/transitions.js';
import { TestDatabase } from '../service/test-service.js';

interface BatchRow {
  id: string;
  status: BatchStatus;
  counts: BatchCounts;
  count: number;
  lastEvent: number;
  finishedAt: string | null;
}

interface EventRow {
  batchId: string;
  imageId: string;
  number: number;
  status: ImageStatus;
  batchStatus: BatchStatus;
}

interface ImageRow {
  id: string;
  batchId: string;
  status: ImageStatus;
}

const LAWFUL = new Set(Object.values(TRANSITIONS).flatMap(({ from, to }) => from.map((before) => `${before} → ${to}`)));

interface Rows {
  batches: BatchRow[];
  images: ImageRow[];
  events: EventRow[];
}

/** One statement, and so one moment, also of a ledger that is being written. */
const ALL_ROWS = `SELECT
  (SELECT coalesce(json_agg(json_build_object(
    'id', id, 'status', status, 'counts', counts, 'count', count, 'lastEvent', last_event, 'finishedAt', finished_at)), '[]')
    FROM batch) AS batches,
  (SELECT coalesce(json_agg(json_build_object('id', id, 'batchId', batch_id, 'status', status)), '[]') FROM image) AS images,
  (SELECT coalesce(json_agg(json_build_object(
    'batchId', batch_id, 'imageId', image_id, 'number', number, 'status', status, 'batchStatus', batch_status) ORDER BY batch_id, number), '[]')
    FROM image_event) AS events`;

/** Everything in which the rows of a database contradict each other or the table of transitions; none is as it should be. */
export async function ledgerFaults(database: TestDatabase): Promise<string[]> {
  const [{ batches, images, events }] = await database.query<Rows>(ALL_ROWS);
  const ofBatch = groupBy(events, ({ batchId }) => batchId);
  const ofImage = groupBy(events, ({ imageId }) => imageId);
  const inBatch = groupBy(images, ({ batchId }) => batchId);
  return [
    ...batches.flatMap((batch) => batchFaults(batch, inBatch.get(batch.id) ?? [], ofBatch.get(batch.id) ?? [])),
    ...images.flatMap((image) => storyFaults(image, ofImage.get(image.id) ?? [])),
  ];
}

function batchFaults(batch: BatchRow, images: ImageRow[], events: EventRow[]): string[] {
  const { id, status, counts, count, lastEvent, finishedAt } = batch;
  const counted = Object.fromEntries(
    Object.keys(counts).map((name) => [name, images.filter((image) => image.status.toLowerCase() === name).length]),
  );
  const faults = [
    images.length !== count && `holds ${images.length} images, not ${count}`,
    JSON.stringify(counts) !== JSON.stringify(counted) && `says ${JSON.stringify(counts)}, its images ${JSON.stringify(counted)}`,
    events.some(({ number }, k) => number !== k + 1) && `has a gap in its events`,
    events.length !== lastEvent && `says that its last event is ${lastEvent}, and has ${events.length}`,
    events.at(-1)?.batchStatus !== status && `is ${status}, its last event says ${events.at(-1)?.batchStatus}`,
    batchStatus(status, counts, count) !== status && `is ${status} with ${JSON.stringify(counts)}`,
    hasEnded(status) !== (finishedAt !== null) && `is ${status} and finished at ${finishedAt}`,
  ];
  return faults.filter((fault) => fault !== false).map((fault) => `batch ${id} ${fault}`);
}

function storyFaults({ id, status }: ImageRow, events: EventRow[]): string[] {
  const steps = events.slice(1).map((event, k) => `${events[k].status} → ${event.status}`);
  const faults = steps.filter((step) => !LAWFUL.has(step)).map((step) => `${step} is not lawful`);
  if (events.at(0)?.status !== ImageStatus.QUEUED) faults.push(`does not begin QUEUED`);
  if (events.at(-1)?.status !== status) faults.push(`is ${status}, its last event says ${events.at(-1)?.status}`);
  return faults.map((fault) => `image ${id} ${fault}`);
}

function groupBy<Row>(rows: Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
