import { FakeComfyUI, type FakeComfyUIOptions } from './fake-comfyui.js';
import { send } from './plain-http.js';
import { describeRecorded, readRecording, type RecordedEvent } from './recording.js';
import { type Comparison, Replay, useUpANumber } from './replay.js';
import { Stepper } from './stepper.js';

const hold = { pictureMs: 1_000_000 };

describeRecorded('one server from its start, as it was recorded', () => {
  const stepper = new Stepper();
  let server: FakeComfyUI;
  beforeAll(async () => {
    server = await FakeComfyUI.start({ ...hold, pace: stepper.pace });
  });
  afterAll(() => server.kill());

  const names = [
    '01-one-image-sd15',
    '01b-one-image-feature-flags',
    '01c-one-image-core-nodes-only',
    '02-four-queued',
    '03-same-prompt-twice',
    '03b-cache-evicted-by-other-prompt',
    '04-validation-errors',
    '05-execution-errors',
    '06-interrupt-and-delete',
    '07a-reconnect-same-clientid',
    '07b-reconnect-while-old-socket-still-open',
    '07c-drop-and-poll-history',
    '07d-two-sockets-one-clientid',
    '08-two-clients',
    '08b-prompt-without-client-id',
    '08c-interrupt-of-anonymous-job',
    '09-batch-size-4',
    '09b-several-outputs',
    '10-saveimagewebsocket',
    '10b-saveimagewebsocket-flags',
    '11-view-variants',
    '15-client-chosen-prompt-id',
    '16-order-front-and-number',
    '17-history-race',
    '22-png-metadata',
  ];
  test.each(names)('%s', async (name) => {
    const events = readRecording(name);
    const comparison = await new Replay(server, stepper, meanwhile(server, stepper, events)).run(events);
    expectAlike(name.startsWith('09b') ? outputsInAnyOrder(comparison) : comparison);
  });

  test('19-misc, after the numbers and the cache of recordings that are left out', async () => {
    for (let number = 131; number < 173; number++) await useUpANumber(server);
    await send(`${server.url}/free`, 'POST', {}, '{"free_memory": true}');
    expectAlike(await new Replay(server, stepper).run(readRecording('19-misc')));
  });
});

describeRecorded('a server of its own', () => {
  let server: FakeComfyUI;
  const stepper = new Stepper();
  const start = async (options: FakeComfyUIOptions = {}) => (server = await FakeComfyUI.start({ ...hold, pace: stepper.pace, ...options }));
  afterEach(() => server.kill());

  test.each(['03c-nonce-input', '25a-cache-lru', '25b-cache-none'])('%s, output nodes in any order', async (name) => {
    await start({ cache: name.includes('lru') ? 'lru' : name.includes('none') ? 'none' : 'classic' });
    const { answers, messages, statuses } = await new Replay(server, stepper).run(readRecording(name));
    expectAlike({ answers, messages: messages.map(inAnyOrder), statuses });
  });

  test('14-server-killed-and-restarted', async () => {
    await start();
    const lives = async ({ text, conn, dir }: RecordedEvent) => {
      if (text === 'SIGKILL to the server' || (dir === 'ws-close' && conn === 'A2')) await server.kill();
      if (text === 'server started again') await server.revive();
    };
    expectAlike(outputsInAnyOrder(await new Replay(server, stepper, lives).run(readRecording('14-server-killed-and-restarted'))));
  });

  test.each(['23a-extra-data-null', '23c-loose-node-without-inputs'])('%s kills the execution thread', async (name) => {
    await start();
    const numbers = name.startsWith('23c') ? 2 : 0;
    for (let number = 0; number < numbers; number++) await useUpANumber(server);
    expectAlike(withoutMemory(await new Replay(server, stepper).run(readRecording(name))));
    expect(server.workerDeath).not.toBeNull();
  });

  test('23b, then after a restart 23d and 23e, do not', async () => {
    await start();
    expectAlike(withoutMemory(await new Replay(server, stepper).run(readRecording('23b-extra-data-list'))));
    await server.restart();
    for (const name of ['23d-loose-node-with-dead-link', '23e-loose-cycle']) {
      expectAlike(withoutMemory(await new Replay(server, stepper).run(readRecording(name))));
    }
    expect(server.workerDeath).toBeNull();
  });
});

/** What happened beside the traffic while it was recorded. */
function meanwhile(server: FakeComfyUI, stepper: Stepper, events: RecordedEvent[]): (event: RecordedEvent) => Promise<void> {
  return async ({ dir, text, path, n, body }) => {
    if (text?.startsWith('the produced file was deleted')) server.files.delete('output', '', 'twice-b_00002_.png');
    if (dir === 'http-request' && body?.prompt?.['1']?.inputs?.image === 'vanish.png') {
      server.files.write('input', '', 'vanish.png', Buffer.alloc(1));
    }
    if (text === 'client reopens with the same clientId') await stepper.steps(6);
    if (dir === 'http-request' && path === '/prompt') server.faults.lateHistory.ms = foundNothing(events, n + 1) ? 1 : 0;
    if (dir === 'http-response' && n === 8) server.files.delete('input', '', 'vanish.png');
  };
}

/** Whether the answer to this request shows that a job that had succeeded was not in the history yet. */
function foundNothing(events: RecordedEvent[], n: number): boolean {
  const asked = events.findIndex((event) => event.dir === 'http-request' && event.n === n && event.path.startsWith('/history/'));
  const answer = events.find((event) => event.dir === 'http-response' && event.n === n);
  return events[asked - 1]?.body?.type === 'execution_success' && Object.keys(answer?.body).length === 0;
}

function expectAlike({ answers, messages, statuses }: Comparison): void {
  for (const { request, recorded, fake } of answers) expect({ request, ...(fake as object) }).toEqual({ request, ...(recorded as object) });
  for (const { recorded, fake } of messages) expect(fake).toEqual(recorded);
  for (const { recorded, fake } of statuses) expect(fake).toBe(recorded);
}

/** Python keeps output nodes in a set, so that which one runs first is a matter of luck, and with it what `progress_state` has seen. */
function inAnyOrder({ conn, recorded, fake }: Comparison['messages'][number]): Comparison['messages'][number] {
  const sorted = (all: unknown[]) =>
    all
      .filter((one) => !JSON.stringify(one).includes('progress_state'))
      .map((one) => JSON.stringify(one))
      .sort();
  return { conn, recorded: sorted(recorded), fake: sorted(fake) };
}

function outputsInAnyOrder(comparison: Comparison): Comparison {
  return { ...comparison, messages: comparison.messages.map(inAnyOrder) };
}

/** How much memory there was and how the server was started says nothing about the protocol: only the names are compared. */
function withoutMemory(comparison: Comparison): Comparison {
  for (const { recorded, fake } of comparison.answers) {
    for (const answer of [recorded, fake] as { body?: { system?: object; devices?: unknown } }[]) {
      if (answer.body?.system) answer.body = { system: 'see 12-read-endpoints' as never };
    }
  }
  return comparison;
}
