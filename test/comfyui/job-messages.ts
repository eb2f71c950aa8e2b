import type { Sockets } from './sockets.js';

interface NodeProgress {
  value: number;
  max: number;
  state: 'running' | 'finished';
  node_id: string;
  prompt_id: string;
  display_node_id: string;
  parent_node_id: null;
  real_node_id: string;
}

const imageFormats = { jpeg: 1, png: 2 };

/** What is said about one job: to its client, or, where a job without client is shouted about, to everybody. */
export class JobMessages {
  /** For the history. */
  readonly recorded: [string, object][] = [];
  private readonly nodes: Record<string, NodeProgress> = {};

  constructor(
    private readonly sockets: Sockets,
    private readonly promptId: string,
    private readonly clientId: string | null,
  ) {}

  /** One of the `execution_…` messages; they stay in the history, and only a job with a client sends them, unless `toAll`. */
  record(type: string, data: object = {}, toAll = false): void {
    const told = { ...data, prompt_id: this.promptId, timestamp: Date.now() };
    this.recorded.push([type, told]);
    if (toAll) this.sockets.send({ type, data: told }, this.clientId);
    else this.toClient(type, told);
  }

  toClient(type: string, data: object): void {
    if (this.clientId !== null) this.sockets.send({ type, data: { ...data, prompt_id: this.promptId } }, this.clientId);
  }

  startNode(id: string): void {
    this.setProgress(id, 0, 1, 'running');
    this.toClient('executing', { node: id, display_node: id });
  }

  finishNode(id: string): void {
    const max = this.nodes[id]?.max ?? 1;
    this.setProgress(id, max, max, 'finished');
  }

  progress(node: string, value: number, max: number, image?: Buffer, format: 'jpeg' | 'png' = 'jpeg'): void {
    this.setProgress(node, value, max, 'running');
    const withMetadata = this.clientId !== null && this.sockets.takesPreviewMetadata(this.clientId);
    if (image && withMetadata) this.sockets.sendBinary(this.frameWithMetadata(node, image, format), this.clientId);
    this.sockets.send({ type: 'progress', data: { value, max, prompt_id: this.promptId, node } }, this.clientId);
    if (image && !withMetadata) this.sockets.sendBinary(plainFrame(image, format), this.clientId);
  }

  private setProgress(id: string, value: number, max: number, state: NodeProgress['state']): void {
    const place = { node_id: id, prompt_id: this.promptId, display_node_id: id, parent_node_id: null, real_node_id: id };
    this.nodes[id] = { value, max, state, ...place };
    this.sockets.send({ type: 'progress_state', data: { prompt_id: this.promptId, nodes: this.nodes } }, this.clientId);
  }

  private frameWithMetadata(id: string, image: Buffer, format: 'jpeg' | 'png'): Buffer {
    const place = { node_id: id, prompt_id: this.promptId, display_node_id: id, parent_node_id: null, real_node_id: id };
    const metadata = Buffer.from(JSON.stringify({ ...place, image_type: `image/${format}` }));
    return Buffer.concat([words(4, metadata.length), metadata, image]);
  }
}

function plainFrame(image: Buffer, format: 'jpeg' | 'png'): Buffer {
  return Buffer.concat([words(1, imageFormats[format]), image]);
}

function words(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, i) => bytes.writeUInt32BE(number, i * 4));
  return bytes;
}
