import type { ApiGraph } from '../../workflows/api-graph.js';
import { durable, DurableStep } from '../../../durable/durable-steps.js';
import { ComfyuiUnavailableError } from './comfyui-errors.js';
import type { ServerAddress } from './comfyui-address.js';
import type { ComfyuiTimings } from './comfyui-timings.js';
import { DeadlineError, withDeadline } from './deadline.js';
import { fields, parseTolerantly, strings } from './tolerant-json.js';

/** One file that a node reported. */
export interface OutputFile {
  filename: string;
  subfolder: string;
  type: string;
}

interface Reply {
  status: number;
  bytes: Buffer;
}

/** The connection never stood, so the server has read nothing. */
const NOT_SENT = /ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/;

/**
 * The HTTP calls to one server. Each has a deadline for each next byte, ends with its signal, and throws `ComfyuiUnavailableError` for everything that
 * may be better later: no connection, no answer, a status that no ComfyUI gives, an answer that is not JSON. No error holds an address or a header.
 */
export class ComfyuiApi {
  constructor(
    private readonly address: ServerAddress,
    private readonly timings: ComfyuiTimings,
  ) {}

  /** Sends a prompt; `status` is 200, 400 or 413. It takes no signal: whether it was queued must be known before it can be withdrawn. */
  async submit(graph: ApiGraph, promptId: string, clientId: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const reply = await this.post('send prompt', '/prompt', { prompt: graph, prompt_id: promptId, client_id: clientId });
    if (reply.status === 413) return { status: 413, body: {} };
    if (reply.status !== 200 && reply.status !== 400) throw this.oddStatus(reply);
    return { status: reply.status, body: fields(this.parse(reply)) };
  }

  /** Ids of the prompt that runs (one at most) and of those that wait. */
  async queue(signal?: AbortSignal): Promise<{ running: string[]; pending: string[] }> {
    const queue = fields(await this.get('/queue', signal));
    const ids = (items: unknown): string[] => (Array.isArray(items) ? items.map((item) => String(fields(item)[1])) : []);
    return { running: ids(queue.queue_running), pending: ids(queue.queue_pending) };
  }

  /** The entry of a prompt that has ended; null while it waits or runs, and when it is not known. */
  async history(promptId: string, signal?: AbortSignal): Promise<Record<string, unknown> | null> {
    const entry = fields(await this.get(`/history/${promptId}`, signal))[promptId];
    return entry ? fields(entry) : null;
  }

  /** Waiting and running prompts, everybody's. */
  async remaining(signal?: AbortSignal): Promise<number> {
    return Number(fields(fields(await this.get('/prompt', signal)).exec_info).queue_remaining ?? 0);
  }

  async version(signal?: AbortSignal): Promise<string> {
    return String(fields(fields(await this.get('/system_stats', signal)).system).comfyui_version ?? '');
  }

  /** Names without extension, with sub-folders. */
  async embeddings(signal?: AbortSignal): Promise<string[]> {
    return strings(await this.get('/embeddings', signal)).map((name) => name.replaceAll('\\', '/'));
  }

  async checkpoints(signal?: AbortSignal): Promise<string[]> {
    return strings(await this.get('/models/checkpoints', signal));
  }

  /** What the server says of a node class; an empty object if it has none of that name. */
  async nodeClass(name: string, signal?: AbortSignal): Promise<Record<string, unknown>> {
    return fields(fields(await this.get(`/object_info/${encodeURIComponent(name)}`, signal))[name]);
  }

  /** Takes a waiting prompt out of the queue; one that runs, or is not known, is left as it is. */
  async dequeue(promptId: string): Promise<void> {
    await this.order('dequeue prompt', '/queue', { delete: [promptId] });
  }

  /** Interrupts the prompt if it is the one that runs. Only for servers from 0.3.57 on: older ones stop whatever runs. */
  async interrupt(promptId: string): Promise<void> {
    await this.order('interrupt prompt', '/interrupt', { prompt_id: promptId });
  }

  async deleteHistory(promptIds: string[]): Promise<void> {
    await this.order('forget prompt', '/history', { delete: promptIds });
  }

  /** The file as the server stores it: never with `preview` or `channel`, which would hold up the whole server. Null if it is not there. */
  async download(file: OutputFile, signal: AbortSignal): Promise<Buffer | null> {
    const query = Object.entries({ filename: file.filename, subfolder: file.subfolder, type: file.type });
    const path = `/view?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
    const reply = await this.request(path, undefined, signal);
    if (reply.status === 404) return null;
    if (reply.status !== 200) throw this.oddStatus(reply);
    return reply.bytes;
  }

  private async get(path: string, signal?: AbortSignal): Promise<unknown> {
    const reply = await this.request(path, undefined, signal);
    if (reply.status !== 200) throw this.oddStatus(reply);
    return this.parse(reply);
  }

  private async order(step: DurableStep, path: string, body: unknown): Promise<void> {
    const reply = await this.post(step, path, body);
    if (reply.status !== 200) throw this.oddStatus(reply);
  }

  /** Whatever changes something on the server. */
  private post(step: DurableStep, path: string, body: unknown): Promise<Reply> {
    return durable(step, () => this.request(path, body));
  }

  private async request(path: string, body?: unknown, signal?: AbortSignal): Promise<Reply> {
    const deadline = this.timings.request;
    try {
      return await withDeadline(deadline, signal, (until, alive) => this.exchange(path, body, until, alive));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ComfyuiUnavailableError) throw error;
      if (error instanceof DeadlineError)
        throw new ComfyuiUnavailableError(this.address.name, `did not answer within ${deadline / 1000} s`);
      const code = String((error as { cause?: { code?: unknown } }).cause?.code ?? 'connection lost');
      throw new ComfyuiUnavailableError(this.address.name, `cannot be reached (${code})`, arrivalOf(code));
    }
  }

  private async exchange(path: string, body: unknown, signal: AbortSignal, alive: () => void): Promise<Reply> {
    const response = await fetch(this.address.http + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? this.address.headers : { 'content-type': 'application/json', ...this.address.headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
      signal,
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) {
      alive();
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const length = response.headers.get('content-length');
    if (length !== null && !response.headers.has('content-encoding') && bytes.length !== Number(length)) {
      throw new ComfyuiUnavailableError(this.address.name, 'cut its answer short');
    }
    return { status: response.status, bytes };
  }

  private parse(reply: Reply): unknown {
    try {
      return parseTolerantly(reply.bytes.toString('utf8'));
    } catch {
      throw new ComfyuiUnavailableError(this.address.name, 'answered something that is not JSON');
    }
  }

  private oddStatus(reply: Reply): ComfyuiUnavailableError {
    return new ComfyuiUnavailableError(this.address.name, `answered with HTTP ${reply.status}`);
  }
}

function arrivalOf(code: string): ComfyuiUnavailableError['arrival'] {
  if (code === 'ECONNREFUSED') return 'refused';
  return NOT_SENT.test(code) ? 'not sent' : 'unknown';
}
