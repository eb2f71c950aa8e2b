// Serves the page of this folder and hands /graphql, websockets included, on to a Filmroll service, as a proxy in front of your own site would:
// an open service talks to no page of another address. node examples/serve.mjs, then open the address that it prints.
import { createReadStream } from 'node:fs';
import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream';

const { FILMROLL_URL = 'http://127.0.0.1:3000', PORT = '8080' } = process.env;
const FILES = {
  '/': ['live.html', 'text/html'],
  '/live.js': ['live.js', 'text/javascript'],
  '/follow-batch.js': ['follow-batch.js', 'text/javascript'],
};

/** The same request, headers and all, to the service. */
function handOn({ method, url, headers }) {
  return request(new URL(url, FILMROLL_URL), { method, headers });
}

function answer(req, res) {
  const onward = handOn(req).on('response', (reply) => {
    res.writeHead(reply.statusCode, reply.headers);
    pipeline(reply, res, () => undefined);
  });
  onward.on('error', () => (res.headersSent ? res.destroy() : res.writeHead(502).end()));
  pipeline(req, onward, () => undefined);
}

const server = createServer((req, res) => {
  const [file, type] = FILES[req.url] ?? [];
  if (file) pipeline(createReadStream(new URL(file, import.meta.url)), res.setHeader('Content-Type', type), () => undefined);
  else if (req.url.startsWith('/graphql')) answer(req, res);
  else res.writeHead(404).end();
});

server.on('upgrade', (req, socket) => {
  const onward = handOn(req).on('upgrade', ({ headers }, service) => {
    const accepted = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket'];
    const chosen = ['sec-websocket-accept', 'sec-websocket-protocol'].map((name) => `${name}: ${String(headers[name])}`);
    socket.write(`${[...accepted, ...chosen].join('\r\n')}\r\n\r\n`);
    pipeline(socket, service, socket, () => undefined);
  });
  onward.on('response', () => socket.destroy()).on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
  onward.end();
});

server.listen(Number(PORT), '127.0.0.1', () => console.log(`Open http://127.0.0.1:${server.address().port}`));
