import { once } from 'node:events';
import { WebSocket } from 'ws';
import { FakeComfyUI, type FakeComfyUIOptions } from './fake-comfyui.js';
import type { Graph } from './graph.js';
import { send } from './plain-http.js';
import type { Execution } from './server-log.js';
import { Stepper } from './stepper.js';

export interface Heard {
  type: string;
  data: any;
}

interface Wish {
  client?: string;
  steps?: number;
  text?: string;
  preview?: boolean;
}

/** A fake and a plain client to try it with. */
export class Bench {
  server: FakeComfyUI;
  readonly stepper = new Stepper();

  async start(options: FakeComfyUIOptions = {}): Promise<FakeComfyUI> {
    this.server = await FakeComfyUI.start({ previews: false, ...options });
    return this.server;
  }

  /** An open websocket and all that it hears from then on. */
  async listen(clientId: string): Promise<{ socket: WebSocket; heard: Heard[]; texts: string[] }> {
    const socket = new WebSocket(`${this.server.url.replace('http', 'ws')}/ws?clientId=${clientId}`);
    const [heard, texts]: [Heard[], string[]] = [[], []];
    socket.on('message', (data) => {
      texts.push(String(data));
      heard.push(JSON.parse(String(data).replaceAll('NaN', 'null')));
    });
    await once(socket, 'open');
    return { socket, heard, texts };
  }

  /** Asks for a picture whose file is named like its prompt. */
  post(promptId: string, wish: Wish = {}, signal?: AbortSignal): Promise<Response> {
    const body = JSON.stringify({ prompt: graph(promptId, wish), client_id: wish.client ?? 'a', prompt_id: promptId });
    return fetch(`${this.server.url}/prompt`, { method: 'POST', body, signal });
  }

  /** Waits for the end of the job that this reply promises. */
  async finished(reply: Response): Promise<Execution> {
    const { prompt_id } = (await reply.json()) as { prompt_id: string };
    return this.ended(prompt_id);
  }

  async ended(promptId: string): Promise<Execution> {
    const find = () => this.server.executions.find((one) => one.promptId === promptId && one.endedAt !== null);
    while (!find()) await once(this.server.log, 'ended');
    return find()!;
  }

  async get(path: string): Promise<unknown> {
    return JSON.parse(String((await send(this.server.url + path, 'GET')).bytes));
  }

  async queue(): Promise<{ running: unknown[]; pending: unknown[] }> {
    const { queue_running, queue_pending } = (await this.get('/queue')) as Record<string, unknown[][]>;
    return { running: queue_running.map(([, id]) => id), pending: queue_pending.map(([, id]) => id) };
  }
}

export async function until(socket: WebSocket, isSo: () => boolean): Promise<void> {
  while (!isSo()) await once(socket, 'message');
}

export async function pinged(socket: WebSocket): Promise<void> {
  socket.ping();
  await once(socket, 'pong');
}

export async function statusOf(answer: Promise<Response>): Promise<number | 'reset' | 'aborted'> {
  try {
    return (await answer).status;
  } catch (error) {
    return (error as Error).name === 'AbortError' ? 'aborted' : 'reset';
  }
}

function graph(prefix: string, { steps = 2, text = 'a cat', preview = false }: Wish): Graph {
  const sampling = { seed: 7, steps, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 1 };
  const links = { model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] };
  return {
    '3': { class_type: 'KSampler', inputs: { ...sampling, ...links } },
    '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd15-fake.safetensors' } },
    '5': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 32, batch_size: 1 } },
    '6': { class_type: 'CLIPTextEncode', inputs: { text: `${text} ${prefix}`, clip: ['4', 1] } },
    '7': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
    '9': { class_type: 'SaveImage', inputs: { filename_prefix: prefix, images: ['8', 0] } },
    ...(preview && { '10': { class_type: 'PreviewImage', inputs: { images: ['8', 0] } } }),
  };
}
