import express, { type Express, type Request, type Response } from 'express';
import { admin, getResource, getResources, getUsage } from './admin-routes.js';
import { ApiError } from './api-error.js';
import { deliver } from './delivery-route.js';
import { strike } from './faults.js';
import { readForm } from './form.js';
import type { Inside } from './inside.js';
import { answer, errorBody, failsBeforeWork, failsOnArrival } from './mishaps.js';
import type { RequestRecord, UploadRecord } from './service-log.js';
import { postExplicit, postUpload } from './upload-routes.js';
import type { Visit, Work } from './visit.js';

/** The API under /v1_1/:cloud, and the delivery of what is stored. */
export function httpApp(inside: Inside): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use('/v1_1/:cloud', (request, response) => serve(inside, request, response));
  app.get('/{*path}', (request, response) => deliver(inside, request, response));
  return app;
}

/** The way of every request of the API: noted, perhaps struck, read, done, answered. Ends quietly when client or service go away meanwhile. */
async function serve(inside: Inside, request: Request, response: Response): Promise<void> {
  const visit = enter(inside, request, response);
  if (failsOnArrival(inside, visit)) return;
  try {
    visit.form = await readForm(request);
    if (visit.upload) inside.log.body(visit.upload, visit.form.params);
    if (await failsBeforeWork(inside, visit)) return;
    const [status, body] = await done(inside, visit);
    await answer(inside, visit, status, body);
  } catch (error) {
    if (!request.socket.destroyed && !inside.life.aborted) throw error;
  }
}

function enter(inside: Inside, request: Request, response: Response): Visit {
  const { log, faults, settings } = inside;
  const { method, path } = request;
  const fault = inside.doomed.has(request.socket) ? 'closeIdle' : strike(faults, method, path);
  const record: RequestRecord = { at: inside.now(), method, path, status: null, fault };
  const isUpload = method === 'POST' && path.endsWith('/upload');
  const upload: UploadRecord | null = isUpload ? { at: record.at, id: null, outcome: null, fault, status: null, params: {} } : null;
  response.on('finish', () => {
    record.status = response.statusCode;
    if (upload) upload.status = response.statusCode;
  });
  if (upload) {
    response.on('close', () => log.uploadClosed());
    log.upload(upload);
  }
  log.request(record);
  const isTooMany = upload !== null && log.concurrent > settings.concurrencyLimit;
  const query = new URL(request.originalUrl, 'http://localhost').searchParams;
  return { request, response, path, query, fault, form: { params: {}, file: null }, upload, isTooMany };
}

async function done(inside: Inside, visit: Visit): Promise<[number, object]> {
  try {
    return [200, await route(inside, visit)(visit)];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (visit.upload) inside.log.outcome(visit.upload, 'refused');
    return [error.status, errorBody(error.message)];
  }
}

function route(inside: Inside, { request, path }: Visit): Work {
  const { cloud } = request.params;
  if (cloud !== inside.account.cloud) throw new ApiError(401, `Invalid cloud_name ${String(cloud)}`);
  const [, resourceType] = /^\/(image|raw|auto)\/(?:upload|explicit)$/.exec(path) ?? [];
  const asked = `${request.method} ${path}`;
  if (resourceType && asked.startsWith('POST') && path.endsWith('upload')) return (visit) => postUpload(inside, visit, resourceType);
  if (resourceType && asked.startsWith('POST')) return (visit) => postExplicit(inside, visit, resourceType);
  if (asked === 'GET /ping') return admin(inside, () => ({ status: 'ok' }));
  if (asked === 'GET /usage') return admin(inside, () => getUsage(inside));
  if (/^GET \/resources\/[a-z]+\/[a-z]+$/.test(asked)) return admin(inside, (visit) => getResources(inside, visit));
  if (/^GET \/resources\/[a-z]+\/[a-z]+\/./.test(asked)) return admin(inside, (visit) => getResource(inside, visit));
  throw new ApiError(404, `Not found: ${asked}`);
}
