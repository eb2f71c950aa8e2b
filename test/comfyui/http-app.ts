import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import type { Inside } from './inside.js';
import type { RequestRecord } from './server-log.js';
import { features } from './sockets.js';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** The way of every HTTP request: read, noted, checked, held up while frozen, perhaps struck by a fault, then routed, also under /api. */
export function httpApp(inside: Inside, routes: Router): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(express.text({ type: () => true, limit: features.max_upload_size }));
  app.use((request, response, next) => note(inside, request, response, next));
  app.use((request, response, next) => (isForeign(request.headers) ? void response.status(403).send(Buffer.alloc(0)) : next()));
  app.use((request, response, next) => strike(inside, request, response, next));
  app.use('/api', routes);
  app.use(routes);
  app.use((_request: Request, response: Response) => void response.status(404).type('text/plain').send('404: Not Found'));
  app.use(failure);
  return app;
}

/** Whether a request comes from a page of another origin than the loopback address it asks. */
export function isForeign({ host, origin }: { host?: string; origin?: string }): boolean {
  if (!host || !origin) return false;
  return loopback.includes(host.replace(/:\d+$/, '')) && !(URL.canParse(origin) && new URL(origin).host === host);
}

/** A page that some proxy in between would send. */
export function proxyPage(status: number): string {
  return `<html>\r\n<head><title>${status}</title></head>\r\n<body><h1>${status}</h1><hr>nginx</body>\r\n</html>\r\n`;
}

function note({ log }: Inside, request: Request, response: Response, next: NextFunction): void {
  const [, query = ''] = request.originalUrl.split('?');
  const record: RequestRecord = {
    at: Date.now(),
    method: request.method,
    path: pathOf(request),
    query,
    body: request.body ?? '',
    status: null,
  };
  response.on('finish', () => (record.status = response.statusCode));
  log.request(record);
  next();
}

async function strike({ faults, awake, life }: Inside, request: Request, response: Response, next: NextFunction): Promise<void> {
  const [method, path] = [request.method, pathOf(request)];
  if (faults.proxyErrors.strikes(method, path))
    return void response.status(faults.proxyStatus).type('html').send(proxyPage(faults.proxyStatus));
  await awake.passed();
  if (life.aborted || faults.hangRequests.strikes(method, path)) return;
  if (faults.resetRequests.strikes(method, path)) return void request.socket.resetAndDestroy();
  if (faults.serverErrors.strikes(method, path)) throw new Error('struck');
  next();
}

function failure(
  error: { type?: string; limit?: number; length?: number },
  _request: Request,
  response: Response,
  _next: NextFunction,
): void {
  if (error.type !== 'entity.too.large') {
    return void response.status(500).type('text/plain').send('500 Internal Server Error\n\nServer got itself in trouble');
  }
  const text = `Maximum request body size ${error.limit} exceeded, actual body size ${error.length}`;
  response.status(413).type('text/plain').send(text);
}

function pathOf(request: Request): string {
  return request.path.replace(/^\/api(?=\/)/, '');
}
