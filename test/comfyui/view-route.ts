import { posix } from 'node:path';
import type { Request, Response } from 'express';
import sharp from 'sharp';
import type { Inside } from './inside.js';

/** Where a query points to, or the status that refuses it. */
type Place = { type: string; subfolder: string; name: string } | { status: 400 | 403 | 404 };

const types: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp' };

/** GET /view. */
export async function getView(inside: Inside, request: Request, response: Response): Promise<void> {
  const query = new URL(request.originalUrl, 'http://localhost').searchParams;
  const place = placeOf(query);
  if ('status' in place) return empty(response, place.status);
  const { type, subfolder, name } = place;
  if (inside.faults.deleteBeforeDownload.strikes()) inside.files.delete(type, subfolder, name);
  const file = inside.files.read(type, subfolder, name);
  if (!file) return empty(response, 404);
  response.set({ 'Content-Disposition': `filename="${Buffer.from(name).toString('latin1')}"`, 'Content-Type': mimeTypeOf(name) });
  if (query.has('preview')) return preview(file.bytes, query.get('preview')!, response);
  if (query.has('channel')) return channel(file.bytes, query.get('channel')!, response);
  const etag = `"${file.modifiedAt.getTime().toString(16)}-${file.bytes.length.toString(16)}"`;
  response.set({ Etag: etag, 'Last-Modified': file.modifiedAt.toUTCString(), 'Accept-Ranges': 'bytes' });
  sendFile(inside, request, response, file.bytes);
}

function placeOf(query: URLSearchParams): Place {
  const asked = query.get('filename');
  if (asked === null) return { status: 404 };
  const [, filename, annotated] = /^(.*?)(?: \[(output|temp|input)\])?$/s.exec(asked)!;
  if (filename === '' || filename.startsWith('/') || filename.includes('..')) return { status: 400 };
  const type = annotated ?? query.get('type') ?? 'output';
  if (!['output', 'temp', 'input'].includes(type)) return { status: 400 };
  const subfolder = posix.normalize(query.get('subfolder') || '.');
  if (subfolder.startsWith('..') || subfolder.startsWith('/')) return { status: 403 };
  return { type, subfolder: subfolder === '.' ? '' : subfolder, name: posix.basename(filename) };
}

function sendFile({ faults }: Inside, request: Request, response: Response, bytes: Buffer): void {
  const half = bytes.subarray(0, bytes.length >> 1);
  if (faults.cutDownloads.strikes()) return startBody(response, bytes.length, half, () => response.socket!.destroy());
  if (faults.stallDownloads.strikes()) return startBody(response, bytes.length, half, () => {});
  if (faults.truncateDownloads.strikes()) return void response.send(half);
  if (faults.garbageDownloads.strikes()) return void response.send(Buffer.alloc(bytes.length, 'no picture '));
  const range = /^bytes=(\d+)-(\d+)?$/.exec(request.get('range') ?? '');
  if (!range) return void response.send(bytes);
  const [from, to] = [Number(range[1]), Math.min(Number(range[2] ?? bytes.length - 1), bytes.length - 1)];
  response
    .status(206)
    .set('Content-Range', `bytes ${from}-${to}/${bytes.length}`)
    .send(bytes.subarray(from, to + 1));
}

function startBody(response: Response, length: number, start: Buffer, then: () => void): void {
  response.writeHead(200, { 'Content-Length': length });
  response.write(start, then);
}

async function preview(bytes: Buffer, wish: string, response: Response): Promise<void> {
  const [format, quality] = wish.split(';');
  const known = format === 'jpeg' ? 'jpeg' : 'webp';
  const encoded = await sharp(bytes)
    .toFormat(known, { quality: Number(quality) || 90 })
    .toBuffer();
  response.set('Content-Type', `image/${known}`).send(encoded);
}

async function channel(bytes: Buffer, wish: string, response: Response): Promise<void> {
  const picture = sharp(bytes);
  const wanted = wish === 'a' ? picture.ensureAlpha().extractChannel('alpha') : picture.removeAlpha();
  response.send(await wanted.png().toBuffer());
}

function mimeTypeOf(name: string): string {
  return types[posix.extname(name).slice(1)] ?? 'application/octet-stream';
}

function empty(response: Response, status: number): void {
  response.status(status).set('Content-Type', 'application/octet-stream').send(Buffer.alloc(0));
}
