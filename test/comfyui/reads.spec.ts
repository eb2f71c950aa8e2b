import { FakeComfyUI } from './fake-comfyui.js';
import { send } from './plain-http.js';
import { describeRecorded, readRecording, type RecordedEvent } from './recording.js';

describeRecorded('what a client may read, as it was recorded', () => {
  const pairs = readPairs();
  let server: FakeComfyUI;
  beforeAll(async () => {
    server = await FakeComfyUI.start();
    server.files.write('input', '', 'up (1).png', Buffer.alloc(1));
    server.files.write('input', '', 'up.png', Buffer.alloc(1));
  });
  afterAll(() => server.kill());

  it.each(pairs)('GET %s', async (path, recorded) => {
    const answer = await send(server.url + path, 'GET');
    expect([answer.status, answer.headers['content-type']]).toEqual([recorded.status, recorded.headers['Content-Type']]);
    const text = String(answer.bytes);
    if (recorded.body !== undefined) expect(essence(path, JSON.parse(text))).toEqual(essence(path, recorded.body));
    else expect(text).toBe(recorded.body_text ?? '');
  });
});

/** The paths that concern nobody but the browser, and those that tell of earlier jobs, are left out. */
function readPairs(): [string, RecordedEvent][] {
  const events = readRecording('12-read-endpoints');
  const asked = events.filter(
    ({ dir, method, path }) =>
      dir === 'http-request' &&
      method === 'GET' &&
      !/^\/(history$|history\?max_items=\d|history\/|extensions|users|settings|object_info$)/.test(path),
  );
  return asked.map(({ n, path }) => [path, events.find((event) => event.dir === 'http-response' && event.n === n)!]);
}

/** What a client may build on: of classes the names and types of inputs and outputs, of the statistics their names. */
function essence(path: string, body: any): unknown {
  if (path === '/models') return body.filter((kind: string) => ['checkpoints', 'embeddings', 'loras', 'vae'].includes(kind)).sort();
  if (path === '/system_stats')
    return { system: Object.keys(body.system).sort(), devices: body.devices.map((one: object) => Object.keys(one).sort()) };
  if (path.startsWith('/object_info/')) return Object.entries(body).map(essenceOfClass);
  return body;
}

function essenceOfClass([name, info]: [string, any]): unknown {
  const { input, input_order, output, output_is_list, output_name, output_node, display_name } = info;
  const types = Object.entries<[unknown]>(input.required).map(([input, [type]]) => [input, type]);
  return {
    name,
    types: types.sort(),
    hidden: input.hidden,
    order: Object.keys(input_order),
    output,
    output_is_list,
    output_name,
    output_node,
    display_name,
  };
}
