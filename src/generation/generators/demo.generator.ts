import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../../config/config.js';
import {
  AskedValues,
  BackendReport,
  GeneratedPicture,
  GenerationProgress,
  GenerationRejectedError,
  GenerationRequest,
  ImageGenerator,
  PictureOrder,
  ValueFault,
  WorkflowDescription,
} from '../image-generator.js';
import { drawPicture, paintPicture, paintPreview } from './demo/picture.js';

const NAME = 'demo';
const STEPS = 8;

/**
 * Draws a landscape for each request, in this process: no server, no network.
 * Everything that decides the picture goes into it and nothing else does, so the same request makes the same bytes. Takes `DEMO_TIME`.
 */
@Injectable()
export class DemoGenerator extends ImageGenerator {
  constructor(private readonly config: Config) {
    super();
  }

  backends(): BackendReport[] {
    return [{ name: NAME, healthy: true, version: '1', embeddings: null, checkpoints: null, lastError: null, lastSeenAt: new Date() }];
  }

  ableTo(order: PictureOrder): string[] {
    refuseUnknown(order);
    return [NAME];
  }

  workflows(): WorkflowDescription[] {
    return [{ name: NAME, parameters: [] }];
  }

  faultsOf(_workflow: string, { parameters }: AskedValues): ValueFault[] {
    return Object.keys(parameters ?? {}).map((name) => ({
      field: `parameters.${name}`,
      message: 'is no parameter of the demo generator; it has none',
    }));
  }

  async generate(
    request: GenerationRequest,
    signal: AbortSignal,
    onProgress: (progress: GenerationProgress) => void,
  ): Promise<GeneratedPicture> {
    signal.throwIfAborted();
    refuseUnknown(request);
    const bytes = await unlessAborted(signal, () => this.paint(request, signal, onProgress));
    return { bytes, backend: NAME };
  }

  /** Paints at once, then lets the steps pass as a model's would. */
  private async paint(
    request: GenerationRequest,
    signal: AbortSignal,
    onProgress: (progress: GenerationProgress) => void,
  ): Promise<Buffer> {
    const start = performance.now();
    const drawing = drawPicture(request);
    const [bytes] = await Promise.all([
      paintPicture(drawing, request.width, request.height),
      this.pass(start, signal, async (step) => {
        const preview = step < STEPS / 2 || this.config.DEMO_TIME === 0 ? undefined : await previewOf(drawing, request, step);
        signal.throwIfAborted();
        onProgress({ fraction: step / STEPS, preview });
      }),
    ]);
    signal.throwIfAborted();
    onProgress({ fraction: 1 });
    return bytes;
  }

  private async pass(start: number, signal: AbortSignal, onStep: (step: number) => Promise<void>): Promise<void> {
    for (let step = 1; step <= STEPS; step++) {
      const wait = start + (this.config.DEMO_TIME * step) / STEPS - performance.now();
      // Timers cut off what is behind the point.
      if (wait > 0) await sleep(Math.ceil(wait), undefined, { signal });
      if (step < STEPS) await onStep(step);
    }
  }
}

function refuseUnknown({ workflow, parameters }: PictureOrder): void {
  if (workflow !== NAME)
    throw new GenerationRejectedError(`There is no workflow "${workflow}" here; the demo generator has only "${NAME}".`);
  const [unknown] = Object.keys(parameters ?? {});
  if (unknown !== undefined) throw new GenerationRejectedError(`The workflow "${NAME}" has no parameter "${unknown}"; it has none at all.`);
}

/** The picture so far: small, and sharper with each step. */
async function previewOf(drawing: string, { width, height }: GenerationRequest, step: number): Promise<GenerationProgress['preview']> {
  return { bytes: await paintPreview(drawing, width, height, (STEPS - step) * 1.5), contentType: 'image/webp' };
}

/** Painting itself cannot be stopped, so whoever waits for it is let go. */
function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const letGo = () => reject(signal.reason as Error);
    signal.addEventListener('abort', letGo, { once: true });
    void work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', letGo));
  });
}
