import type { Evidence, FollowedBatch, LedgerEvent, SeenEvent } from '../evidence.js';
import { type Finding, repeated } from './finding.js';

/** What subscribers saw, against the events in the ledger, which must be 1, 2, 3… for each batch. */
export function eventFindings({ ledger, followed }: Evidence): Finding[] {
  const events = new Map<string, LedgerEvent[]>(ledger.batches.map(({ id }) => [id, []]));
  for (const event of ledger.events) events.get(event.batchId)?.push(event);
  const gaps = ledger.batches.filter(({ id, lastEvent }) => !isCounted(events.get(id) ?? [], lastEvent));
  const each = (found: (batch: FollowedBatch, there: LedgerEvent[]) => (number | string)[]) =>
    followed.flatMap((batch) => found(batch, events.get(batch.batchId) ?? []).map((number) => `batch ${batch.batchId} event ${number}`));
  return [
    { name: 'batches with a gap in their events', cases: gaps.map(({ id }) => id) },
    { name: 'events missed', cases: each(missed) },
    { name: 'events repeated', cases: each(({ events: seen }) => repeated(seen.map(({ number }) => number))) },
    { name: 'events out of order', cases: each(({ events: seen }) => outOfOrder(seen)) },
    { name: 'events other than in the ledger', cases: each(altered) },
    { name: 'subscriptions without an end', cases: followed.filter(({ hasEnded }) => !hasEnded).map(({ batchId }) => batchId) },
  ];
}

function isCounted(events: SeenEvent[], lastEvent: number): boolean {
  return events.length === lastEvent && events.every(({ number }, k) => number === k + 1);
}

function missed({ events }: FollowedBatch, there: LedgerEvent[]): number[] {
  const seen = new Set(events.map(({ number }) => number));
  return there.map(({ number }) => number).filter((number) => !seen.has(number));
}

function outOfOrder(events: SeenEvent[]): number[] {
  return events.filter(({ number }, k) => k > 0 && number < events[k - 1].number).map(({ number }) => number);
}

function altered({ events }: FollowedBatch, there: LedgerEvent[]): number[] {
  const stories = new Map(there.map((event) => [event.number, story(event)]));
  return events.filter((event) => stories.get(event.number) !== story(event)).map(({ number }) => number);
}

function story({ position, index, status }: SeenEvent): string {
  return `${position} ${index} ${status}`;
}
