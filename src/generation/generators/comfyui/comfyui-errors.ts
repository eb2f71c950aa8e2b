/** A server could not be asked, or answered what no ComfyUI answers. Try again later, perhaps elsewhere. */
export class ComfyuiUnavailableError extends Error {
  constructor(
    server: string,
    readonly what: string,
    /** Whether the server may have got the request all the same; `refused`: nobody listens there, so its process has ended and its queue with it. */
    readonly arrival: 'unknown' | 'not sent' | 'refused' = 'unknown',
  ) {
    super(`ComfyUI at ${server} ${what}.`);
    this.name = 'ComfyuiUnavailableError';
  }
}

/** POST /prompt said no, to all of the prompt or (when it was queued all the same) to a part of it. */
export class PromptRefusedError extends Error {
  constructor(readonly body: Record<string, unknown>) {
    super('ComfyUI refused the prompt.');
    this.name = 'PromptRefusedError';
  }
}

/** The server knows nothing of our prompt any more: restarted, or somebody deleted it. */
export class PromptLostError extends Error {
  constructor(server: string) {
    super(`ComfyUI at ${server} no longer knows the prompt: it was restarted, or the prompt was deleted there. It is sent again.`);
    this.name = 'PromptLostError';
  }
}

/** The server answers but does not work: nothing has moved for too long. Only a restart of it helps. */
export class ServerStuckError extends Error {
  constructor(server: string) {
    super(`ComfyUI at ${server} answers, but nothing there has moved for too long: restart it.`);
    this.name = 'ServerStuckError';
  }
}

/** Somebody else interrupted the prompt. */
export class PromptInterruptedError extends Error {
  constructor(server: string) {
    super(`Somebody interrupted the prompt on ComfyUI at ${server}.`);
    this.name = 'PromptInterruptedError';
  }
}

/** The server itself is in a bad way (disk full, GPU driver failed): nothing is wrong with the prompt. */
export class ServerFaultError extends Error {
  constructor(
    server: string,
    readonly reason: string,
  ) {
    super(`ComfyUI at ${server} failed: ${reason}`);
    this.name = 'ServerFaultError';
  }
}

/** The finished picture is not on the server any more, or cannot be read whole. */
export class OutputMissingError extends Error {
  constructor(server: string) {
    super(`ComfyUI at ${server} no longer has the finished picture. It is made again.`);
    this.name = 'OutputMissingError';
  }
}

/** This server lacks embeddings that the prompt names; another one may have them. */
export class EmbeddingMissingError extends Error {
  constructor(
    readonly backend: string,
    readonly embeddings: string[],
  ) {
    super(`ComfyUI at ${backend} has no embedding ${embeddings.map((name) => `"${name}"`).join(', ')}.`);
    this.name = 'EmbeddingMissingError';
  }
}

/** This server lacks a model file or a node that the workflow names; another one has it. */
export class ModelMissingError extends Error {
  constructor(
    readonly backend: string,
    reason: string,
  ) {
    super(`ComfyUI at ${backend} cannot run the workflow, but another server can: ${reason}`);
    this.name = 'ModelMissingError';
  }
}
