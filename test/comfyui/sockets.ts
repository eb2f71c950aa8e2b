import type { WebSocket } from 'ws';
import { toPythonJson } from './python-json.js';

interface Listener {
  socket: WebSocket;
  previewsWithMetadata: boolean;
}

interface Message {
  /** Null: to everybody. */
  to: string | null;
  frame: string | Buffer;
}

/** What the `feature_flags` message and GET /features tell. */
export const features = { supports_preview_metadata: true, max_upload_size: 104_857_600 };

/**
 * The registered websockets. One loop sends everything in order and waits for each socket, so one that does not read stops all. Sockets are
 * kept by client id alone: when an older one of the same id closes, the newer one's entry goes with it, as in ComfyUI.
 */
export class Sockets {
  private readonly listeners = new Map<string, Listener>();
  private readonly open = new Set<WebSocket>();
  private readonly outbox: Message[] = [];
  private sending = false;

  constructor(private readonly mayProceed: () => Promise<void>) {}

  /** Registers a socket under its id; a deaf one is open and answers pings, but is not registered. */
  add(id: string, socket: WebSocket, greetings: object[], isDeaf: boolean): void {
    this.open.add(socket);
    this.listeners.delete(id);
    if (!isDeaf) this.listeners.set(id, { socket, previewsWithMetadata: false });
    for (const greeting of greetings) this.send(greeting, id);
    socket.once('message', (data) => this.firstMessage(id, String(data)));
    socket.on('ping', (data) => void this.mayProceed().then(() => socket.pong(data)));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.open.delete(socket);
      this.listeners.delete(id);
    });
  }

  send(message: object, to: string | null): void {
    this.push({ to, frame: toPythonJson(message) });
  }

  sendBinary(frame: Buffer, to: string | null): void {
    this.push({ to, frame });
  }

  takesPreviewMetadata(id: string): boolean {
    return this.listeners.get(id)?.previewsWithMetadata ?? false;
  }

  /** Ids that get messages now. */
  ids(): string[] {
    return [...this.listeners.keys()];
  }

  /** Whether everything has gone out. */
  get isQuiet(): boolean {
    return !this.sending;
  }

  /** From now on nobody who is connected gets anything; the connections stay open. */
  deafen(): void {
    this.listeners.clear();
  }

  /** Closes every connection without a goodbye: clients see code 1006. */
  drop(): void {
    for (const socket of this.open) socket.terminate();
  }

  private firstMessage(id: string, text: string): void {
    const message = readMessage(text);
    const listener = this.listeners.get(id);
    if (message?.type !== 'feature_flags' || !listener) return;
    listener.previewsWithMetadata = message.data?.supports_preview_metadata === true;
    this.send({ type: 'feature_flags', data: features }, id);
  }

  private push(message: Message): void {
    this.outbox.push(message);
    if (this.sending) return;
    this.sending = true;
    setImmediate(() => void this.sendAll());
  }

  private async sendAll(): Promise<void> {
    for (let message = this.outbox.shift(); message; message = this.outbox.shift()) {
      await this.mayProceed();
      const { to, frame } = message;
      const receivers = to === null ? [...this.listeners.values()] : [this.listeners.get(to)];
      for (const receiver of receivers) await sent(receiver?.socket, frame);
    }
    this.sending = false;
  }
}

function sent(socket: WebSocket | undefined, frame: string | Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (!socket || socket.readyState !== socket.OPEN) resolve();
    else socket.send(frame, () => resolve());
  });
}

function readMessage(text: string): { type?: string; data?: { supports_preview_metadata?: unknown } } | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
