import { Router, type Request, type Response } from 'express';
import { type Inside, isAtLeast } from './inside.js';
import { nodeClasses, objectInfo } from './node-classes.js';
import { postPrompt } from './prompt-route.js';
import { parsePythonJson, toPythonJson } from './python-json.js';
import { features } from './sockets.js';
import { getView } from './view-route.js';
import type { Worker } from './worker.js';

/** Every route of the server, without prefix. */
export function routes(inside: Inside, worker: Worker): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { queue } = inside;
  router.get('/prompt', (_request, response) => json(response, { exec_info: { queue_remaining: queue.remaining } }));
  router.post('/prompt', (request, response) => postPrompt(inside, request, response));
  router.get('/queue', (_request, response) =>
    json(response, { queue_running: [...queue.running.values()], queue_pending: queue.pending }),
  );
  router.post('/queue', (request, response) => changeQueue(inside, request, response));
  router.post('/interrupt', (request, response) => interrupt(inside, worker, request, response));
  router.get('/history', (request, response) => json(response, historyPage(inside, request)));
  router.get('/history/:id', (request, response) => json(response, pick(queue.history, request.params.id)));
  router.post('/history', (request, response) => changeHistory(inside, request, response));
  router.get('/view', (request, response) => getView(inside, request, response));
  router.post('/free', (request, response) => free(inside, request, response));
  readRoutes(inside, router);
  return router;
}

function readRoutes({ models, files, settings }: Inside, router: Router): void {
  router.get('/embeddings', (_request, response) => json(response, models.embeddings()));
  router.get('/models', (_request, response) => json(response, models.kinds()));
  router.get('/models/:folder', (request, response) => {
    const list = models.list(request.params.folder);
    if (list) json(response, list);
    else nothing(response, 404);
  });
  const infoOf = (names: string[]) => Object.fromEntries(names.map((name) => [name, objectInfo(name, { models, files })]));
  router.get('/object_info', (_request, response) => json(response, infoOf(Object.keys(nodeClasses))));
  router.get('/object_info/:name', (request, response) => {
    json(response, infoOf(Object.keys(nodeClasses).filter((name) => name === request.params.name)));
  });
  router.get('/system_stats', (_request, response) => json(response, systemStats(settings.version)));
  router.get('/features', (_request, response) => json(response, features));
}

function changeQueue({ queue }: Inside, request: Request, response: Response): void {
  const body = parsePythonJson(request.body ?? '') as { clear?: boolean; delete?: string[] };
  if (body.clear) queue.clear();
  for (const id of body.delete ?? []) queue.delete(id);
  nothing(response, 200);
}

function changeHistory({ queue }: Inside, request: Request, response: Response): void {
  const body = parsePythonJson(request.body ?? '') as { clear?: boolean; delete?: string[] };
  if (body.clear) queue.history.clear();
  for (const id of body.delete ?? []) queue.history.delete(id);
  nothing(response, 200);
}

function interrupt(inside: Inside, worker: Worker, request: Request, response: Response): void {
  const { faults, queue, settings } = inside;
  const id = isAtLeast(settings.version, '0.3.57') ? promptIdIn(request.body) : undefined;
  const isMeant = !id || [...queue.running.values()].some((item) => item[1] === id);
  if (isMeant && !faults.ignoreInterrupts.strikes()) {
    if (faults.lateInterruptMs === 0) worker.interrupt();
    else void settings.pace(faults.lateInterruptMs, inside.life).then(() => worker.interrupt(), nobodyLeft);
  }
  nothing(response, 200);
}

function nobodyLeft(): void {}

function promptIdIn(body: string | undefined): string | undefined {
  try {
    return JSON.parse(body ?? '').prompt_id;
  } catch {
    return undefined;
  }
}

function free({ cache }: Inside, request: Request, response: Response): void {
  if ((parsePythonJson(request.body ?? '') as { free_memory?: boolean }).free_memory) cache.clear();
  nothing(response, 200);
}

function historyPage({ queue }: Inside, request: Request): object {
  const asked = (name: string) => (request.query[name] === undefined ? undefined : wholeNumber(String(request.query[name])));
  const [maxItems, offset] = [asked('max_items'), asked('offset') ?? -1];
  const all = [...queue.history];
  const from = offset >= 0 || maxItems === undefined ? Math.max(0, offset) : Math.max(0, all.length - maxItems);
  return Object.fromEntries(all.slice(from, maxItems === undefined ? undefined : from + maxItems));
}

function wholeNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new TypeError('invalid literal for int()');
  return Number(text);
}

function pick(history: Map<string, object>, id: string): object {
  return history.has(id) ? { [id]: history.get(id) } : {};
}

function systemStats(version: string): object {
  const memory = 25_276_502_016;
  const python = { python_version: '3.11.2', pytorch_version: '2.5.1', embedded_python: false, argv: ['/srv/comfy/src/main.py', '--cpu'] };
  const needs = { required_frontend_version: '1.27.10', installed_templates_version: null, required_templates_version: '0.1.95' };
  const system = { os: 'posix', ram_total: memory, ram_free: memory / 2, comfyui_version: version, ...needs, ...python };
  const vram = { vram_total: memory, vram_free: memory / 2, torch_vram_total: memory, torch_vram_free: memory / 2 };
  return { system, devices: [{ name: 'cpu', type: 'cpu', index: null, ...vram }] };
}

function json(response: Response, body: object): void {
  response.type('application/json').send(toPythonJson(body));
}

function nothing(response: Response, status: number): void {
  response.status(status).set('Content-Type', 'application/octet-stream').send(Buffer.alloc(0));
}
