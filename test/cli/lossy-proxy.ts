import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Passes what is posted on to a service, no websocket, and loses the answers to the first `lost` of them after the service has given them. */
export class LossyProxy {
  /** Bodies of all requests, in order. */
  readonly bodies: string[] = [];
  private readonly server = createServer((req, res) => void this.pass(req, res));

  constructor(
    private readonly target: string,
    private readonly lost: number,
  ) {}

  async open(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method !== 'POST') return void res.writeHead(503).end();
    const body = await buffer(req);
    const number = this.bodies.push(body.toString());
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(this.target + req.url, { method: 'POST', headers, body: new Uint8Array(body) });
    const text = await answer.text();
    if (number <= this.lost) return void res.destroy();
    res.writeHead(answer.status, headers).end(text);
  }
}
