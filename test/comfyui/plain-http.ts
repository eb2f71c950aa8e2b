import { type Agent, type IncomingMessage, request } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
}

/** One request exactly as it stands, without the help that fetch gives. */
export function send(url: string, method: string, headers: object = {}, body?: string, agent?: Agent): Promise<Answer> {
  const { host, hostname, port } = new URL(url);
  const path = url.slice(url.indexOf(host) + host.length);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers: { ...headers }, agent: agent ?? false }, (response) => {
      response
        .toArray()
        .then((chunks) => resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) }), reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
