import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFailure } from '../../src/generation/generators/comfyui/comfyui-failure.js';
import { readBinary, readText, type ComfyuiMessage } from '../../src/generation/generators/comfyui/comfyui-messages.js';
import { missingThings, refusalReason } from '../../src/generation/generators/comfyui/comfyui-refusal.js';
import type { ComfyuiServer } from '../../src/generation/generators/comfyui/comfyui-server.js';
import { ComfyuiTimings } from '../../src/generation/generators/comfyui/comfyui-timings.js';
import { PromptWatch } from '../../src/generation/generators/comfyui/prompt-watch.js';
import { readRecording, recordingsFolder, type RecordedEvent } from './recording.js';

/**
 * What is concluded of each prompt of a recording, in the order in which they were sent, first from the messages of its sender's sockets alone, then with
 * the history that the recording holds: Done, Failed, Interrupted, or nothing, so that the prompt counts as lost.
 */
const conclusions: [recording: string, fromMessages: string, withHistory: string][] = [
  ['01-one-image-sd15', 'D', 'D'],
  ['01b-one-image-feature-flags', 'D', 'D'],
  ['01c-one-image-core-nodes-only', 'D', 'D'],
  ['02-four-queued', 'DDDD', 'DDDD'],
  ['03-same-prompt-twice', 'DDDDD', 'DDDDD'],
  ['03b-cache-evicted-by-other-prompt', 'DDD', 'DDD'],
  ['03c-nonce-input', 'DDD', 'DDD'],
  ['04-validation-errors', 'DDDD', 'DDDD'],
  ['05-execution-errors', 'FFFDFFD', 'FFFDFFD'],
  // The second and the sixth were deleted while they waited.
  ['06-interrupt-and-delete', 'I-DDD-I', 'I-DDD-I'],
  ['07a-reconnect-same-clientid', 'D', 'D'],
  // The socket was mute for the first two.
  ['07b-reconnect-while-old-socket-still-open', '--D', 'DDD'],
  ['07c-drop-and-poll-history', '-', 'D'],
  ['07d-two-sockets-one-clientid', 'D', 'D'],
  ['08-two-clients', 'DD', 'DD'],
  ['08b-prompt-without-client-id', '-', 'D'],
  ['08c-interrupt-of-anonymous-job', '-', 'I'],
  ['09-batch-size-4', 'D', 'D'],
  ['09b-several-outputs', 'D', 'D'],
  ['10-saveimagewebsocket', 'DD', 'DD'],
  ['10b-saveimagewebsocket-flags', 'D', 'D'],
  ['11-view-variants', 'DDDDDDDDD', 'DDDDDDDDD'],
  // Three were lost with the server that was killed, the last was still running when the recording ended.
  ['14-server-killed-and-restarted', 'D---D-', 'D---D-'],
  ['14b-sigint', '-', '-'],
  ['15-client-chosen-prompt-id', 'DDDDDD', 'DDDDDD'],
  ['16-order-front-and-number', 'DDDDDDD', 'DDDDDDD'],
  ['17-history-race', 'D'.repeat(40), 'D'.repeat(40)],
  ['18-slow-reader-blocks-everyone', '-D', '-D'],
  ['19-misc', 'DDDD', 'DDDD'],
  ['22-png-metadata', 'D', 'D'],
  // The worker died over the first.
  ['23a-extra-data-null', '--', '--'],
  ['23b-extra-data-list', '-D', 'FD'],
  ['23c-loose-node-without-inputs', '--', '--'],
  ['23d-loose-node-with-dead-link', 'DD', 'DD'],
  ['23e-loose-cycle', 'DD', 'DD'],
  ['25a-cache-lru', 'DDDDD', 'DDDDD'],
  ['25b-cache-none', 'DDDD', 'DDDD'],
  ['27-is-changed-in-png', 'D', 'D'],
  ['28-mute-socket-answers-pings', '-', 'D'],
];

(recordingsFolder ? describe : describe.skip)('The traffic of a real ComfyUI, read by the generator', () => {
  it.each(conclusions)('%s ends %s by its messages, %s by its history', async (name, fromMessages, withHistory) => {
    const events = readRecording(name);
    expect(await concludedOf(events, () => null)).toBe(fromMessages);
    expect(await concludedOf(events, (promptId) => historyOf(events, promptId))).toBe(withHistory);
  });

  it.each(conclusions)('%s: no socket concludes anything of a prompt of somebody else', (name) => {
    const events = readRecording(name);
    const others = events.flatMap((event) => {
      const message = read(event);
      if (!message || message.kind === 'status') return [];
      const owner = promptsOf(events).find(({ promptId }) => promptId === message.promptId)?.clientId;
      return owner && !socketsOf(events, owner).has(event.conn) ? [message.kind] : [];
    });
    expect(others).toEqual([]);
  });

  it.each(conclusions)('%s: every message is understood, but those that name no prompt', (name) => {
    const ignored = readRecording(name).filter((event) => event.dir === 'ws-in' && event.frame !== 'pong' && read(event) === null);
    const named = ignored.filter(({ frame, body, decoded }) => (frame === 'binary' ? decoded.event_type !== 1 : 'prompt_id' in body.data));
    expect(named).toEqual([]);
  });

  it('previews are whole pictures', () => {
    const previews = ['01b-one-image-feature-flags', '10b-saveimagewebsocket-flags'].flatMap((name) => readRecording(name).map(read));
    const pictures = previews.flatMap((message) => (message?.kind === 'preview' ? message : []));

    expect(pictures.map(({ contentType }) => contentType)).toEqual([...Array(4).fill('image/jpeg'), ...Array(3).fill('image/png')]);
    for (const { bytes, contentType } of pictures) {
      expect(bytes.toString('hex', 0, 3)).toBe(contentType === 'image/png' ? '89504e' : 'ffd8ff');
    }
  });

  it('failures are told in one plain line', () => {
    const failures = readRecording('05-execution-errors').map(read);
    const told = failures.flatMap((message) => (message?.kind === 'failed' ? readFailure(message.data) : []));

    expect(told).toEqual([
      { kind: 'rejected', reason: 'RecFail: boom' },
      { kind: 'rejected', reason: 'SaveImage: Saving image outside the output folder is not allowed.' },
      { kind: 'rejected', reason: 'RecFail: boom2' },
      { kind: 'rejected', reason: 'LoadImage: [Errno 2] No such file or directory: …' },
      { kind: 'rejected', reason: "SaveImage: string indices must be integers, not 'str'" },
    ]);
  });

  it('refusals are told in one plain line, and what the server lacks is known', () => {
    const refusals = JSON.parse(readFileSync(join(recordingsFolder ?? '', 'prompt-errors.json'), 'utf8')) as Record<
      string,
      { status: number; body: Record<string, unknown> }
    >;
    const refused = Object.entries(refusals).filter(([, { status }]) => status === 400);

    expect(refused.length).toBeGreaterThan(10);
    for (const [, { body }] of refused) {
      const reason = refusalReason(body);
      expect(reason).toMatch(/^\S.{5,299}$/);
      expect(reason).not.toMatch(/\/srv|File "|Prompt outputs failed validation/);
    }
    const lacking = refused
      .filter(([, { body }]) => missingThings(body, { '2': { class_type: 'Unknown', inputs: {} } }).length > 0)
      .map(([name]) => name);
    expect(lacking).toEqual(expect.arrayContaining(['unknown node class', 'checkpoint not on this server (value_not_in_list)']));
    expect(lacking).not.toContain('below min');
  });
});

/** One letter for each prompt, as a watch concludes once the queue is empty and the history says this. */
async function concludedOf(events: RecordedEvent[], history: (promptId: string) => object | null): Promise<string> {
  const letters = promptsOf(events).map(async ({ promptId, clientId }) => {
    const watch = watchOf(promptId, history(promptId));
    for (const event of events) {
      const message = socketsOf(events, clientId).has(event.conn) ? read(event) : null;
      if (message && message.kind !== 'status' && message.promptId === promptId) watch.hear(message);
    }
    watch.missed();
    return watch.end(new AbortController().signal).then(
      ({ kind }) => kind[0].toUpperCase(),
      (error: Error) => (error.name === 'PromptLostError' ? '-' : error.name),
    );
  });
  return (await Promise.all(letters)).join('');
}

function watchOf(promptId: string, entry: object | null): PromptWatch {
  const api = { queue: () => Promise.resolve({ running: [], pending: [] }), history: () => Promise.resolve(entry) };
  const server = { name: 'recorded', api, socket: { hearing: true }, health: { stuck: false } } as unknown as ComfyuiServer;
  return new PromptWatch(server, promptId, () => undefined, { ...new ComfyuiTimings(), lost: 0 });
}

function promptsOf(events: RecordedEvent[]): { promptId: string; clientId: string | null }[] {
  return events.flatMap((event) => {
    const sent = events.find((one) => one.dir === 'http-request' && one.n === event.n);
    if (event.dir !== 'http-response' || event.status !== 200 || sent?.path !== '/prompt' || sent.method !== 'POST') return [];
    const body = sent.body ?? JSON.parse(sent.body_raw ?? '{}');
    return [{ promptId: String(event.body.prompt_id), clientId: body.client_id ?? null }];
  });
}

/** Names of the sockets of one client. */
function socketsOf(events: RecordedEvent[], clientId: string | null): Set<string> {
  return new Set(events.filter((event) => event.dir === 'ws-open' && event.url.endsWith(`clientId=${clientId}`)).map(({ conn }) => conn));
}

function historyOf(events: RecordedEvent[], promptId: string): object | null {
  return events.map((event) => (event.dir === 'http-response' ? event.body?.[promptId] : null)).findLast((entry) => entry?.status) ?? null;
}

function read(event: RecordedEvent): ComfyuiMessage | null {
  if (event.dir !== 'ws-in') return null;
  if (event.frame === 'binary') return readBinary(Buffer.from(event.body_base64 ?? '', 'base64'));
  return event.frame === 'text' ? readText(JSON.stringify(event.body)) : null;
}
