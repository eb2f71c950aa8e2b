import type { OutputFile } from './comfyui-api.js';
import { fields } from './tolerant-json.js';

/** How a prompt ended. */
export type Outcome =
  { kind: 'done'; outputs: Record<string, OutputFile[]> } | { kind: 'failed'; error: Record<string, unknown> } | { kind: 'interrupted' };

/** Reads an entry of /history. Interrupted and failed prompts differ by the name of their last message only. */
export function readHistory(entry: Record<string, unknown>): Outcome {
  const status = fields(entry.status);
  if (status.status_str !== 'error') return { kind: 'done', outputs: outputsOf(entry) };
  const messages = Array.isArray(status.messages) ? status.messages.map(fields) : [];
  const failure = messages.findLast((message) => message[0] === 'execution_error' || message[0] === 'execution_interrupted') ?? {};
  return failure[0] === 'execution_interrupted' ? { kind: 'interrupted' } : { kind: 'failed', error: fields(failure[1]) };
}

/** The picture files that a node reports, in its order; none where it has no images. */
export function outputFiles(output: unknown): OutputFile[] {
  const images = fields(output).images;
  return (Array.isArray(images) ? images.map(fields) : [])
    .filter((image) => typeof image.filename === 'string' && image.filename !== '')
    .map((image) => ({ filename: String(image.filename), subfolder: String(image.subfolder ?? ''), type: String(image.type ?? 'output') }));
}

/**
 * The one file that is the picture: of those saved as `output` (previews are `temp`) the first of the first of `nodes` that has any.
 * ComfyUI gives its nodes in no order of its own. Null if nothing was saved.
 */
export function pictureOf(outputs: Record<string, OutputFile[]>, nodes: string[]): OutputFile | null {
  const others = Object.keys(outputs).filter((node) => !nodes.includes(node));
  const files = [...nodes, ...others.toSorted()].flatMap((node) => outputs[node] ?? []);
  return files.find((file) => file.type === 'output') ?? null;
}

function outputsOf(entry: Record<string, unknown>): Record<string, OutputFile[]> {
  return Object.fromEntries(Object.entries(fields(entry.outputs)).map(([node, output]) => [node, outputFiles(output)]));
}
