import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * Every step of the pipeline that stays done when the process dies: a commit, a ring in the queue, a request that changes something elsewhere.
 * Each image has to come to its end wherever between two of them a process dies; test/pipeline/crash-points.ts tries it at each.
 */
export const DURABLE_STEPS = [
  'reserve indices',
  'move sequence on',
  'ring generation',
  'claim generation',
  'send prompt',
  'forget prompt',
  'dequeue prompt',
  'interrupt prompt',
  'accept bytes',
  'ring upload',
  'claim upload',
  'create asset',
  'prove upload',
  'try again later',
  'hand back',
  'fail image',
  'take back',
  'cancel batch',
  'retry batch',
  'save character',
  'delete character',
] as const;

/** Those of an audit, which is stopped and killed between them in test/audit/stopped.spec.ts. */
type WalkStep = 'begin walk' | 'save walked page' | 'forget walk';

export type DurableStep = (typeof DURABLE_STEPS)[number] | WalkStep;

const points = channel('filmroll:crash-points');
const DONE = 'filmroll:durable-steps';
const done = channel(DONE);

/**
 * Does `work`, which must have become durable when it resolves, and tells that it is done, and of the moments before and after it, which nobody hears in
 * production.
 */
export async function durable<T>(step: DurableStep, work: () => Promise<T>): Promise<T> {
  points.publish(`before ${step}`);
  const result = await work();
  points.publish(`after ${step}`);
  done.publish(step);
  return result;
}

/** Calls `onDone` with each step that this process has done, until the function that it returns is called. */
export function watchSteps(onDone: (step: DurableStep) => void): () => void {
  const hear = (step: unknown) => onDone(step as DurableStep);
  subscribe(DONE, hear);
  return () => unsubscribe(DONE, hear);
}
