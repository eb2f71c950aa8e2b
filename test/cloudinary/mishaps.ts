import { setTimeout } from 'node:timers/promises';
import type { Request } from 'express';
import { ApiError } from './api-error.js';
import { adminAnswer, uploadAnswer } from './asset-answer.js';
import type { FaultName } from './faults.js';
import type { Inside } from './inside.js';
import type { Asset } from './shelf.js';
import type { Visit } from './visit.js';

type Mishap = (inside: Inside, visit: Visit, status: number, body: object) => Promise<void> | void;
type Mishaps = Partial<Record<FaultName, Mishap>>;

/** Before the body is read. */
const onArrival: Mishaps = {
  resetBeforeBody: (_inside, { request }) => reset(request),
  resetInBody: (_inside, { request }) => void request.once('data', () => reset(request)).once('end', () => reset(request)),
};

/** Instead of doing what was asked. */
const insteadOfWork: Mishaps = {
  hang: () => {},
  rateLimited: ({ limit }, visit) => sendError(visit, limit.exceeded()),
  tooManyRequests: (_inside, visit) => {
    visit.response.set('Retry-After', '1');
    sendError(visit, new ApiError(429, 'Too many requests'));
  },
  conflicts: (_inside, visit) => sendError(visit, new ApiError(409, 'Conflict')),
  processing: (_inside, visit) => sendError(visit, new ApiError(423, 'Processing')),
  serverErrors: (_inside, visit) => sendError(visit, new ApiError(500, 'General Error')),
  serverErrorPages: (_inside, visit) => sendPage(visit, 500),
  badGateways: (_inside, visit) => sendPage(visit, 502),
  unavailable: (_inside, visit) => sendPage(visit, 503),
  gatewayTimeouts: (_inside, visit) => sendPage(visit, 504),
};

/** Instead of the answer. */
const insteadOfAnswer: Mishaps = {
  resetAfterStore: (_inside, { request }) => reset(request),
  storeThen503: (_inside, visit) => sendPage(visit, 503),
  storeThenHang: () => {},
  lateAnswer: async (inside, visit, status, body) => {
    await late(inside);
    sendJson(visit, status, body);
  },
  truncatedJson: (_inside, { response }, status, body) => {
    const text = JSON.stringify(body);
    response
      .status(status)
      .type('json')
      .send(text.slice(0, text.length / 2));
  },
  emptyAnswer: (_inside, { response }) => void response.status(200).type('json').send(''),
  htmlAnswer: (_inside, visit) => sendPage(visit, 200),
  emptyObject: (_inside, visit) => sendJson(visit, 200, {}),
  cutAnswer: (_inside, visit, status, body) => {
    const { response, bytes } = startJson(visit, status, body);
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy());
  },
  trickle: async (inside, visit, status, body) => {
    const { response, bytes } = startJson(visit, status, body);
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
      await setTimeout(inside.settings.trickleMs, undefined, { signal: inside.life });
      if (response.destroyed) return;
    }
    response.end();
  },
  wrongAsset: (inside, visit, status, body) => sendJson(visit, status, somebodyElses(inside, visit, body)),
  closeIdle: ({ doomed }, visit, status, body) => {
    doomed.add(visit.request.socket);
    sendJson(visit, status, body);
  },
};

/** Whether the request ends here, unread. */
export function failsOnArrival(inside: Inside, visit: Visit): boolean {
  if (inside.doomed.has(visit.request.socket)) visit.request.socket.destroy();
  else if (visit.fault === null || !onArrival[visit.fault]) return false;
  else void onArrival[visit.fault]!(inside, visit, 0, {});
  return true;
}

/** Whether the request ends here, with nothing done. */
export async function failsBeforeWork(inside: Inside, visit: Visit): Promise<boolean> {
  if (visit.fault === 'lateStore') await late(inside);
  const mishap = visit.fault && insteadOfWork[visit.fault];
  if (!mishap) return false;
  await mishap(inside, visit, 0, {});
  return true;
}

/** Sends the answer, or does what the fault makes of it. */
export async function answer(inside: Inside, visit: Visit, status: number, body: object): Promise<void> {
  const mishap = visit.fault && insteadOfAnswer[visit.fault];
  if (mishap) await mishap(inside, visit, status, body);
  else sendJson(visit, status, body);
}

/** The body of an error. */
export function errorBody(message: string): object {
  return { error: { message } };
}

function late({ settings, life }: Inside): Promise<void> {
  return setTimeout(settings.lateMs, undefined, { signal: life });
}

function reset({ socket }: Request): void {
  socket.resetAndDestroy();
}

function sendJson({ response }: Visit, status: number, body: object): void {
  const { error } = body as { error?: { message: string } };
  if (error) response.set('X-Cld-Error', encodeURI(error.message.toWellFormed()));
  response.status(status).json(body);
}

function sendError(visit: Visit, { status, message }: ApiError): void {
  sendJson(visit, status, errorBody(message));
}

/** A page that some proxy in between would send. */
function sendPage({ response }: Visit, status: number): void {
  const page = `<html>\r\n<head><title>${status}</title></head>\r\n<body><h1>${status}</h1><hr>nginx</body>\r\n</html>\r\n`;
  response.status(status).type('html').send(page);
}

function startJson({ response }: Visit, status: number, body: object): { response: Visit['response']; bytes: Buffer } {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': bytes.length });
  return { response, bytes };
}

function somebodyElses(inside: Inside, visit: Visit, body: object): object {
  const { public_id } = body as { public_id?: string };
  if (public_id === undefined) return body;
  const other = [...inside.store.images.assets.values()].find(({ publicId }) => publicId !== public_id) ?? stranger(inside.now());
  return visit.request.method === 'GET' ? { ...adminAnswer(inside, other), etag: other.etag, derived: [] } : uploadAnswer(inside, other);
}

function stranger(now: number): Asset {
  const ids = { publicId: 'somebody/else', etag: '0'.repeat(32), assetId: '1'.repeat(32), versionId: '2'.repeat(32) };
  const content = { bytes: Buffer.alloc(8), format: 'png', width: 1, height: 1, pages: 1, originalFilename: 'file' };
  return { ...ids, ...content, resourceType: 'image', type: 'upload', version: Math.floor(now / 1000), createdAt: now, serial: 0 };
}
