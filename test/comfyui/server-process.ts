import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Gate } from './gate.js';
import { httpApp, isForeign, proxyPage } from './http-app.js';
import type { Belongings, Inside } from './inside.js';
import { NodeCache } from './node-cache.js';
import { PromptQueue } from './prompt-queue.js';
import { routes } from './routes.js';
import { Sockets } from './sockets.js';
import { Worker } from './worker.js';

/** One life of the server, from its start to its death: everything that is only in memory. */
export class ServerProcess {
  readonly inside: Inside;
  readonly worker: Worker;
  /** Shut while some client that does not read holds up the events of all. */
  readonly events = new Gate();
  private readonly life = new AbortController();
  private readonly server: Server;
  private readonly connections = new Set<Socket>();
  private readonly webSockets = new WebSocketServer({ noServer: true, autoPong: false });

  constructor(belongings: Belongings) {
    const awake = new Gate();
    const sockets = new Sockets(() => this.mayProceed());
    const queue = new PromptQueue(belongings.settings.historyLimit, () => this.inside.sockets.send(this.status(), null));
    const cache = new NodeCache(belongings.settings.cache);
    this.inside = { ...belongings, awake, sockets, queue, cache, life: this.life.signal };
    this.worker = new Worker(this.inside);
    this.server = createServer(httpApp(this.inside, routes(this.inside, this.worker)));
    this.server.keepAliveTimeout = 75_000;
    this.server.on('connection', (connection) => this.remember(connection));
    this.server.on('upgrade', (request, socket, head) => void this.upgrade(request, socket, head));
  }

  /** Listens on this loopback port, or any free one for 0, and tells which. */
  async start(port: number): Promise<number> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    void this.worker.work();
    return (this.server.address() as AddressInfo).port;
  }

  /** Dies at once: connections break off, nothing is written any more. */
  async kill(): Promise<void> {
    this.life.abort(new Error('the server was killed'));
    const closed = once(this.server, 'close');
    this.server.close();
    for (const connection of this.connections) connection.destroy();
    this.inside.awake.open();
    this.events.open();
    await closed;
  }

  private remember(connection: Socket): void {
    this.connections.add(connection);
    connection.on('close', () => this.connections.delete(connection));
  }

  private async mayProceed(): Promise<void> {
    await this.inside.awake.passed();
    await this.events.passed();
  }

  private status(): { type: string; data: object } {
    return { type: 'status', data: { status: { exec_info: { queue_remaining: this.inside.queue.remaining } } } };
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => {});
    const url = new URL(request.url!, 'http://localhost');
    const refusal = this.refusalOf(request, url.pathname.replace(/^\/api(?=\/)/, ''));
    if (refusal)
      return void socket.end(`HTTP/1.1 ${refusal} -\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n${proxyPage(refusal)}`);
    await this.inside.awake.passed();
    if (this.life.signal.aborted) return;
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => this.welcome(webSocket, url.searchParams.get('clientId')));
  }

  private refusalOf(request: IncomingMessage, path: string): number | null {
    const { faults } = this.inside;
    if (faults.proxyErrors.strikes('GET', path)) return faults.proxyStatus;
    if (path !== '/ws') return 404;
    return isForeign(request.headers) ? 403 : null;
  }

  /** A client that comes back in the middle of its job is told the node, but not which job. */
  private welcome(webSocket: WebSocket, clientId: string | null): void {
    const sid = clientId || randomUUID().replaceAll('-', '');
    const status = this.status();
    const greetings: object[] = [{ ...status, data: { ...status.data, sid } }];
    const job = this.worker.current;
    if (job?.clientId === sid && job.currentNode !== null) greetings.push({ type: 'executing', data: { node: job.currentNode } });
    this.inside.sockets.add(sid, webSocket, greetings, this.inside.faults.deafNewSockets.strikes());
  }
}
