import type { OutputFile } from './comfyui-api.js';
import { outputFiles } from './comfyui-outcome.js';
import { fields, parseTolerantly, strings } from './tolerant-json.js';

/** What a websocket message says about one prompt. Everything in it is a hint: /history is the truth. */
export type PromptEvent = { promptId: string } & (
  | { kind: 'started' }
  | { kind: 'cached'; nodes: string[] }
  | { kind: 'running'; node: string }
  | { kind: 'progress'; nodes: Record<string, { value: number; max: number }> }
  | { kind: 'output'; node: string; files: OutputFile[] }
  | { kind: 'preview'; contentType: string; bytes: Buffer }
  | { kind: 'succeeded' }
  | { kind: 'failed'; data: Record<string, unknown> }
  | { kind: 'interrupted' }
  /** Always last, whether it went well or not, and sent after the history was written. */
  | { kind: 'ended' }
);

/** `status` goes to every registered socket and names no prompt. */
export type ComfyuiMessage = { kind: 'status' } | PromptEvent;

/** Reads a text message; null for what is not known, names no prompt, or cannot be parsed. */
export function readText(text: string): ComfyuiMessage | null {
  const message = parse(text);
  if (message.type === 'status') return { kind: 'status' };
  const data = fields(message.data);
  if (typeof data.prompt_id !== 'string') return null;
  return readPromptEvent(String(message.type), data.prompt_id, data);
}

/**
 * Reads a binary message: a preview that names its prompt (type 4, sent to sockets that asked for it by `feature_flags`).
 * Null for all else; previews of type 1 name no prompt and may be somebody else's.
 */
export function readBinary(frame: Buffer): PromptEvent | null {
  if (frame.length < 8 || frame.readUInt32BE(0) !== 4) return null;
  const end = 8 + frame.readUInt32BE(4);
  if (end >= frame.length) return null;
  const metadata = parse(frame.toString('utf8', 8, end));
  if (typeof metadata.prompt_id !== 'string') return null;
  const contentType = metadata.image_type === 'image/png' ? 'image/png' : 'image/jpeg';
  return { kind: 'preview', promptId: metadata.prompt_id, contentType, bytes: frame.subarray(end) };
}

function parse(text: string): Record<string, unknown> {
  try {
    return fields(parseTolerantly(text));
  } catch {
    return {};
  }
}

function readPromptEvent(type: string, promptId: string, data: Record<string, unknown>): PromptEvent | null {
  switch (type) {
    case 'execution_start':
      return { kind: 'started', promptId };
    case 'execution_cached':
      return { kind: 'cached', promptId, nodes: strings(data.nodes) };
    case 'executing':
      return data.node === null ? { kind: 'ended', promptId } : { kind: 'running', promptId, node: String(data.node) };
    case 'progress':
      return { kind: 'progress', promptId, nodes: steps({ [String(data.node)]: data }) };
    case 'progress_state':
      return { kind: 'progress', promptId, nodes: steps(fields(data.nodes)) };
    case 'executed':
      return { kind: 'output', promptId, node: String(data.node), files: outputFiles(data.output) };
    case 'execution_success':
      return { kind: 'succeeded', promptId };
    case 'execution_error':
      // A blocked branch is reported like an error, but the run goes on.
      return data.exception_type === 'ExecutionBlocked' ? null : { kind: 'failed', promptId, data };
    case 'execution_interrupted':
      return { kind: 'interrupted', promptId };
    default:
      return null;
  }
}

function steps(nodes: Record<string, unknown>): Record<string, { value: number; max: number }> {
  const entries = Object.entries(nodes).map(
    ([node, state]) => [node, { value: Number(fields(state).value), max: Number(fields(state).max) }] as const,
  );
  return Object.fromEntries(entries.filter(([, { value, max }]) => value >= 0 && max > 0));
}
