/** What is asked of a generator: everything that decides the picture, fixed when the batch was made. */
export interface GenerationRequest {
  imageId: string;
  /** Fencing token of the claim; with `imageId` it names this attempt and no other. */
  attempt: number;
  /** Backend that was claimed with the image; one of those that `backends()` named. */
  backend: string;
  /** Lower-case UUID under which this attempt is sent to the backend. */
  promptId: string;
  /** An earlier attempt that may still be running or done: ask there before making the picture again. */
  earlier: { backend: string; promptId: string } | null;
  workflow: string;
  prompt: string;
  negativePrompt: string | null;
  /** 0…2^53-1 */
  seed: number;
  /** Pixels. */
  width: number;
  height: number;
  steps: number | null;
  cfg: number | null;
  parameters: Record<string, unknown> | null;
}

export interface GeneratedPicture {
  /** The whole encoded file. */
  bytes: Buffer;
  /** Name of the backend that made it. */
  backend: string;
}

export interface GenerationProgress {
  /** 0…1, never smaller than the one before. */
  fraction: number;
  /** A small encoded picture of what is there so far. */
  preview?: { bytes: Buffer; contentType: string };
}

/** One server (or other maker of pictures) as this process last saw it. */
export interface BackendReport {
  name: string;
  healthy: boolean;
  version: string | null;
  /** Embedding names without extension that it has; null when it takes any name. */
  embeddings: string[] | null;
  /** File names of the checkpoints that it has; null when it needs none. */
  checkpoints: string[] | null;
  lastError: string | null;
  /** Null until it has answered once. */
  lastSeenAt: Date | null;
}

/** What a caller chose for a workflow beyond the prompt; null where nothing was chosen. */
export type AskedValues = Pick<GenerationRequest, 'negativePrompt' | 'steps' | 'cfg' | 'parameters'>;

export interface ValueFault {
  /** Such as `steps` or `parameters.denoise`. */
  field: string;
  message: string;
}

export interface WorkflowDescription {
  name: string;
  /** Names that `parameters` may set, beside the standard ones. */
  parameters: string[];
}

/** What decides whether a backend can make a picture at all. */
export type PictureOrder = Pick<GenerationRequest, 'workflow' | 'prompt' | 'negativePrompt' | 'steps' | 'cfg' | 'parameters'>;

/**
 * Makes pictures. `generate` resolves with the bytes of one whole picture of the asked size, or throws:
 * `GenerationRejectedError` when trying again can never help, the signal's reason when it was aborted, anything else for "try again later".
 * It never waits beyond its signal and reports progress without ever waiting for the listener.
 */
export abstract class ImageGenerator {
  /** Every backend it knows of, as last seen; never waits for the network. */
  abstract backends(): BackendReport[];
  /**
   * Names of the backends that have all that the picture needs, by what they were last seen to have, whether they are healthy and free or not.
   * Throws `GenerationRejectedError` when none has it and every backend has been seen; never waits for the network.
   */
  abstract ableTo(order: PictureOrder): string[];
  /** The workflows that `GenerationRequest.workflow` may name; the first is the default. */
  abstract workflows(): WorkflowDescription[];
  /** What is wrong with these values for that workflow, which must be one of `workflows()`; empty when it can be run with them. */
  abstract faultsOf(workflow: string, asked: AskedValues): ValueFault[];
  abstract generate(
    request: GenerationRequest,
    signal: AbortSignal,
    onProgress: (progress: GenerationProgress) => void,
  ): Promise<GeneratedPicture>;
}

/** The generator will never make this picture as asked. `message` is for people: no secret, no path, no stack. */
export class GenerationRejectedError extends Error {
  constructor(
    message: string,
    readonly code: 'GENERATOR_REJECTED' | 'EMBEDDING_NOT_FOUND' = 'GENERATOR_REJECTED',
  ) {
    super(message);
    this.name = 'GenerationRejectedError';
  }
}
