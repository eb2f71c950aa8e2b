import type { Answer } from './plain-http.js';
import { parsePythonJson } from './python-json.js';
import type { RecordedEvent } from './recording.js';

/** A binary frame in the words of the recordings, without its image. */
export function decodedFrame(data: Buffer): unknown {
  const [event_type, second] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  if (event_type === 4) return { event_type, metadata: JSON.parse(data.toString('utf8', 8, 8 + second)) };
  return { event_type, image_format: second === 1 ? 'JPEG' : 'PNG' };
}

/** The recording's own words for one, without its lengths. */
export function comparableFrame({ event_type, image_format, metadata }: Record<string, unknown>): unknown {
  return metadata ? { event_type, metadata } : { event_type, image_format };
}

/** What a recorded reply said, of a picture only its kind. */
export function bodyOf({ body, body_text, body_base64, body_trimmed }: RecordedEvent): unknown {
  if (body_trimmed) return undefined;
  return body ?? body_text ?? (body_base64 && firstBytes(Buffer.from(body_base64, 'base64')));
}

/** The same of a reply of the fake. */
export function readBody({ headers, bytes }: Answer): unknown {
  if (headers['content-type']?.startsWith('application/json')) return parsePythonJson(bytes.toString());
  if (bytes.length === 0) return undefined;
  return headers['content-type']?.startsWith('text/') ? bytes.toString() : firstBytes(bytes);
}

/** Enough to know the kind of a picture. */
function firstBytes(bytes: Buffer): string {
  return bytes.toString('base64', 0, 3);
}
