import { once } from 'node:events';
import { Agent, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { bodyOf, comparableFrame, decodedFrame, readBody } from './comparable.js';
import type { FakeComfyUI } from './fake-comfyui.js';
import { type Answer, send } from './plain-http.js';
import { toPythonJson } from './python-json.js';
import { masked, type RecordedEvent } from './recording.js';
import type { Stepper } from './stepper.js';

/** What one run of a recording showed, in the recording's own words and in the fake's. */
export interface Comparison {
  answers: { request: string; recorded: unknown; fake: unknown }[];
  /** For each socket what it was told, without `status`, whose place in the order is a matter of luck. */
  messages: { conn: string; recorded: unknown[]; fake: unknown[] }[];
  statuses: { conn: string; recorded: number; fake: number }[];
}

/** Plays the client's part of a recording to the fake, at the recording's pace, and gathers both sides. */
export class Replay {
  private readonly sockets = new Map<string, WebSocket>();
  private readonly heard = new Map<string, unknown[]>();
  private readonly expected = new Map<string, unknown[]>();
  private readonly answers = new Map<number, Promise<Answer>>();
  private readonly requests = new Map<number, RecordedEvent>();
  private readonly compared: { request: string; recorded: unknown; fake: unknown }[] = [];
  private readonly recordedIds: string[] = [];
  private readonly fakeIds: string[] = [];
  /** One connection, so that requests arrive in the order in which they were sent. */
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private lastHeaders: IncomingMessage['headers'] = {};
  private isDone: (n: number) => boolean;

  constructor(
    private readonly server: FakeComfyUI,
    private readonly stepper: Stepper,
    /** Called before each event, for what happened on the server's disk. */
    private readonly before: (event: RecordedEvent) => void | Promise<void> = () => {},
  ) {}

  async run(events: RecordedEvent[]): Promise<Comparison> {
    this.isDone = (n) => Object.keys(events.find((one) => one.dir === 'http-response' && one.n === n)?.body ?? {}).length > 0;
    try {
      for (const event of events) {
        await this.before(event);
        await this.play(event);
      }
    } finally {
      for (const socket of this.sockets.values()) socket.terminate();
      this.agent.destroy();
    }
    return this.comparison();
  }

  private async play(event: RecordedEvent): Promise<void> {
    if (event.dir === 'ws-open') await this.open(event);
    else if (event.dir === 'ws-out' && event.body) this.sockets.get(event.conn)!.send(JSON.stringify(event.body));
    else if (event.dir === 'ws-close') await this.close(event);
    else if (event.dir === 'ws-in') await this.hear(event);
    else if (event.dir === 'http-request') await this.ask(event);
    else if (event.dir === 'http-response') await this.compare(event);
  }

  private async open({ conn, url }: RecordedEvent): Promise<void> {
    const query = new URL(url.startsWith('ws') ? url : 'ws://x/ws?clientId=client-a').search;
    const socket = new WebSocket(`${this.server.url.replace('http', 'ws')}/ws${query}`);
    const heard: unknown[] = [];
    this.heard.set(conn, heard);
    this.expected.set(conn, []);
    this.sockets.set(conn, socket);
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary) => heard.push(isBinary ? decodedFrame(data) : JSON.parse(String(data))));
    await once(socket, 'open');
  }

  private async close({ conn }: RecordedEvent): Promise<void> {
    const socket = this.sockets.get(conn)!;
    if (socket.readyState === WebSocket.CLOSED) return;
    socket.close();
    await once(socket, 'close');
  }

  /** Waits for as many messages as the recording had by now; a job that holds still is moved on step by step. */
  private async hear({ conn, frame, body, decoded }: RecordedEvent): Promise<void> {
    const expected = this.expected.get(conn)!;
    expected.push(frame === 'binary' ? comparableFrame(decoded) : body);
    await this.moveOnUntil(conn, () => this.heard.get(conn)!.length >= expected.length, expected.at(-1));
  }

  private async moveOnUntil(conn: string, done: () => boolean | Promise<boolean>, wanted: unknown): Promise<void> {
    const deadline = performance.now() + 3_000;
    for (;;) {
      const held = this.stepper.isHolding;
      await this.flushed(conn);
      if (await done()) return;
      if (performance.now() > deadline)
        throw new Error(`${conn} waits in vain for ${JSON.stringify(wanted).slice(0, 200)}; worker: ${String(this.server.workerDeath)}`);
      if (held) this.stepper.step();
    }
  }

  /** Everything that the server had to say so far has arrived. */
  private async flushed(conn: string): Promise<void> {
    do await setImmediate();
    while (!this.server.saidAll);
    const socket = this.sockets.get(conn)!;
    if (socket.readyState !== WebSocket.OPEN) return;
    const over = new AbortController();
    socket.ping();
    await Promise.race([once(socket, 'pong', over), once(socket, 'close', over)]);
    over.abort();
  }

  private async ask(event: RecordedEvent): Promise<void> {
    if (event.body_raw?.startsWith('<')) return void (await useUpANumber(this.server));
    this.requests.set(event.n, event);
    const path = this.inFakePaths(event.path);
    const body = event.body === undefined ? event.body_raw : this.inFakeWords(event.body);
    const origin = event.headers.Origin?.replace('http://127.0.0.1:8188', this.server.url);
    const headers = { ...event.headers, ...(origin && { Origin: origin }), ...this.freshness(event.headers) };
    if (event.path.startsWith('/history/') && this.isDone(event.n)) await this.untilInHistory(path);
    const answer = send(this.server.url + path, event.method, headers, body, this.agent);
    answer.catch(() => {});
    this.answers.set(event.n, answer);
  }

  /** What the fake said of the file where the recording repeats what the real server had said. */
  private freshness(headers: Record<string, string>): object {
    if (headers['If-None-Match']) return { 'If-None-Match': this.lastHeaders.etag };
    return headers['If-Modified-Since'] ? { 'If-Modified-Since': this.lastHeaders['last-modified'] } : {};
  }

  private async untilInHistory(path: string): Promise<void> {
    const [conn] = [...this.sockets.keys()].slice(-1);
    const isThere = async () => (await send(this.server.url + path, 'GET')).bytes.length > 2;
    await this.moveOnUntil(conn, isThere, path);
  }

  private inFakePaths(path: string): string {
    const named = this.recordedIds.reduce((known, id, i) => known.replace(id, this.fakeIds[i]), path);
    const temp = this.server.files.list().findLast((file) => file.startsWith('temp/')) ?? '';
    return named.replace(/ComfyUI_temp_[a-z]{5}_/, temp.slice('temp/'.length, -'00001_.png'.length));
  }

  private inFakeWords(body: unknown): string {
    return this.recordedIds.reduce((json, id, i) => json.replaceAll(toPythonJson(id), toPythonJson(this.fakeIds[i])), toPythonJson(body));
  }

  private async compare(event: RecordedEvent): Promise<void> {
    const answer = await this.answers.get(event.n);
    if (!answer) return;
    const asked = this.requests.get(event.n)!;
    const fakeBody = readBody(answer);
    this.lastHeaders = answer.headers;
    this.learnIds(event.body, fakeBody);
    this.compared.push({
      request: `${event.n} ${asked.method} ${asked.path}`,
      recorded: { status: event.status, type: event.status === 304 ? undefined : event.headers['Content-Type'], body: bodyOf(event) },
      fake: { status: answer.status, type: answer.headers['content-type'], body: event.body_trimmed ? undefined : fakeBody },
    });
  }

  private learnIds(recorded: any, fake: any): void {
    if (!recorded?.prompt_id || this.recordedIds.includes(recorded.prompt_id)) return;
    this.recordedIds.push(recorded.prompt_id);
    this.fakeIds.push(fake.prompt_id);
  }

  private comparison(): Comparison {
    const told = (all: unknown[], ids: string[]) => all.filter((one) => !isStatus(one)).map((one) => masked(one, ids));
    const conns = [...this.expected.keys()];
    return {
      answers: this.compared.map(({ request, recorded, fake }) => ({
        request,
        recorded: masked(recorded, this.recordedIds),
        fake: masked(fake, this.fakeIds),
      })),
      messages: conns.map((conn) => ({
        conn,
        recorded: told(this.expected.get(conn)!, this.recordedIds),
        fake: told(this.heard.get(conn)!, this.fakeIds),
      })),
      statuses: conns.map((conn) => ({
        conn,
        recorded: this.expected.get(conn)!.filter(isStatus).length,
        fake: this.heard.get(conn)!.filter(isStatus).length,
      })),
    };
  }
}

function isStatus(message: any): boolean {
  return message?.type === 'status';
}

/** A POST that is refused still takes a number; for what a recording does not tell. */
export function useUpANumber(server: FakeComfyUI): Promise<Answer> {
  return send(`${server.url}/prompt`, 'POST', {}, '{}');
}
