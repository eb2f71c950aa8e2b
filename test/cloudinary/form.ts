import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';

export interface Form {
  /** Arrays (`tags[]`) are joined by commas under the name without brackets. */
  params: Record<string, string>;
  file: { bytes: Buffer; filename: string } | null;
}

/** Reads a multipart or urlencoded body to its end; an empty form where there is none. Throws when the client goes away before. */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const form: Form = { params: {}, file: null };
  if (!request.headers['content-type'] || request.method === 'GET') return form;
  const parser = new Busboy({ headers: request.headers as BusboyHeaders });
  parser.on('field', (name, value) => add(form.params, name, value));
  parser.on('file', (_name, stream, filename) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => (form.file = { bytes: Buffer.concat(chunks), filename }));
  });
  await pipeline(request, parser);
  return form;
}

function add(params: Record<string, string>, name: string, value: string): void {
  const plain = name.replace(/\[\]$/, '');
  const isMore = plain !== name && params[plain] !== undefined;
  params[plain] = isMore ? `${params[plain]},${value}` : value;
}
