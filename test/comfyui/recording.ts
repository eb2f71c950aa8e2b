import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parsePythonJson, toPythonJson } from './python-json.js';

/** One thing that happened, as the recording's README tells. */
export interface RecordedEvent {
  dir: 'http-request' | 'http-response' | 'http-error' | 'ws-open' | 'ws-close' | 'ws-in' | 'ws-out' | 'note' | 'summary';
  n: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  status: number;
  body: any;
  body_raw?: string;
  body_text?: string;
  body_base64?: string;
  body_trimmed?: boolean;
  conn: string;
  url: string;
  kind: string;
  frame: string;
  decoded: Record<string, unknown>;
  text: string;
}

const folder = process.env.COMFYUI_RECORDINGS ?? resolve(process.cwd(), '../shared/recordings/comfyui');

/** Where the traffic of a real server lies, or null on a machine without it. */
export const recordingsFolder = existsSync(join(folder, 'README.md')) ? folder : null;

/** A suite that needs the recordings; where there are none it is left out, and says so. */
export function describeRecorded(name: string, suite: () => void): void {
  if (recordingsFolder) describe(name, suite);
  else describe.skip(name, () => it(`left out: there are no recordings in ${folder}`, () => {}));
}

export function readRecording(name: string): RecordedEvent[] {
  const file = readFileSync(join(recordingsFolder!, `${name}.json`), 'utf8');
  return interruptsLast((parsePythonJson(file) as { events: RecordedEvent[] }).events);
}

/** What a server told while an interrupt was on its way to it belongs before the interrupt. */
function interruptsLast(events: RecordedEvent[]): RecordedEvent[] {
  const at = events.findIndex(({ dir, path }) => dir === 'http-request' && path === '/interrupt');
  const end = events.findIndex(({ dir, n }) => dir === 'http-response' && n === events[at]?.n);
  if (at < 0) return events;
  const between = events.slice(at + 1, end);
  return [...events.slice(0, at), ...between, events[at], ...events.slice(end)];
}

/**
 * Makes two runs comparable: prompt ids become P1, P2…, times, tracebacks, tensors and tooltips go, and what Python keeps in sets is
 * sorted.
 */
export function masked(value: unknown, promptIds: string[]): unknown {
  const text = promptIds.reduce((json, id, i) => json.replaceAll(toPythonJson(id), `"P${i + 1}"`), toPythonJson(value ?? null));
  const plain = text
    .replace(/ComfyUI_temp_[a-z]{5}_/g, 'ComfyUI_temp_')
    .replace(/"sid": "[0-9a-f]{32}"/g, '"sid": "made up"')
    .replace(/(?<=[[ ])(\d+)\.0(?=[,}\]])/g, '$1');
  return JSON.parse(plain, mask);
}

function mask(key: string, value: any): unknown {
  if (key === 'timestamp') return 0;
  if (key === 'traceback' || key === 'exception_message') return typeof value;
  if (key === 'current_inputs') return typeof value;
  if (key === 'input_config') return value?.[0] ?? null;
  if (['executed', 'current_outputs', 'nodes'].includes(key) && Array.isArray(value)) return [...value].sort();
  if (key === 'queue_pending') return [...value].sort((a, b) => a[0] - b[0]);
  if (key === 'prompt' && value?.length === 5) return [...value.slice(0, 4), [...value[4]].sort()];
  return value;
}
