import { setTimeout } from 'node:timers/promises';
import type { Answer, AskedBatch, PromisedImage } from './evidence.js';
import type { PlannedBatch } from './plan.js';

const GENERATE = `mutation ($input: GenerateBatchInput!) {
  generateBatch(input: $input) { batch { id images { position index publicId seed } } }
}`;

/** The API answers within ten seconds, or is not there. Milliseconds. */
const PATIENCE = 15_000;
/** How often a client goes away before it can have heard the answer, and how often it asks again although it has heard it. */
const IMPATIENT = 0.15;
const FORGETFUL = 0.2;

interface Body {
  data: { generateBatch: { batch: { id: string; images: PromisedImage[] } } } | null;
  errors?: { extensions: { code: string } }[];
}

/** Asks for batches as a client does that wants each of them once: with a key, again and again until there is an answer. */
export class Client {
  constructor(
    private readonly apis: () => string[],
    private readonly random: () => number,
    private readonly over: AbortSignal,
  ) {}

  /** What was asked, and all that was answered; without an answer only when the time is over, or the request was refused for good. */
  async ask(batch: PlannedBatch): Promise<AskedBatch> {
    const { key, username, character, count } = batch;
    const asked: AskedBatch = { key, username, character, count, answers: [], errors: {} };
    const times = this.random() < FORGETFUL ? 2 : 1;
    while (asked.answers.length < times && !this.over.aborted && !isRefused(asked)) {
      await this.askOnce(batch, asked);
    }
    return asked;
  }

  private async askOnce({ key, username, character, count, prompt }: PlannedBatch, asked: AskedBatch): Promise<void> {
    const patience = this.random() < IMPATIENT ? 5 + 200 * this.random() : PATIENCE;
    const input = { username, character, prompt, count, width: 64, height: 64, steps: 2, idempotencyKey: key };
    try {
      const { data, errors = [] } = await this.post(JSON.stringify({ query: GENERATE, variables: { input } }), patience);
      if (data) asked.answers.push(answerOf(data));
      for (const { extensions } of errors) asked.errors[extensions.code] = (asked.errors[extensions.code] ?? 0) + 1;
      if (data) return;
    } catch {
      // No answer at all: the process was killed, or was not there, or we went away.
    }
    await setTimeout(100 + 300 * this.random(), undefined, { signal: this.over }).catch(() => undefined);
  }

  private async post(body: string, patience: number): Promise<Body> {
    const apis = this.apis();
    const signal = AbortSignal.any([this.over, AbortSignal.timeout(patience)]);
    const url = `${apis[Math.floor(this.random() * apis.length)]}/graphql`;
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal });
    return (await response.json()) as Body;
  }
}

function answerOf({ generateBatch: { batch } }: NonNullable<Body['data']>): Answer {
  return { batchId: batch.id, images: batch.images };
}

/** Whether it was told that asking again is of no use. */
function isRefused({ errors }: AskedBatch): boolean {
  return Object.keys(errors).some((code) => !['SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR'].includes(code));
}
