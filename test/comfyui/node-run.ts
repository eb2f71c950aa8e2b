import type { Graph } from './graph.js';
import type { Inside } from './inside.js';
import type { JobMessages } from './job-messages.js';
import type { Execution } from './server-log.js';

/** A picture that is drawn only when somebody saves it. */
export type Drawing = () => Promise<Buffer>;

/** A latent as it goes from node to node; without drawings it is empty. */
export interface Latent {
  width: number;
  height: number;
  batch: number;
  drawings: Drawing[];
}

/** One node at work: its inputs with links followed, and the job around it. */
export interface NodeRun {
  id: string;
  inputs: Record<string, any>;
  graph: Graph;
  extraData: unknown;
  inside: Inside;
  messages: JobMessages;
  execution: Execution;
  pause(ms: number): Promise<void>;
  /** Throws when the job was interrupted. */
  checkInterrupt(): void;
}

/** What a node raises at run time: the end of its job. `kind` is a Python exception. */
export class NodeError extends Error {
  constructor(
    readonly kind: string,
    message: string,
    readonly currentInputs: object = {},
  ) {
    super(message);
  }
}
