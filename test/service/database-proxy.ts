import { once } from 'node:events';
import { AddressInfo, connect, createServer, Socket } from 'node:net';
import { pipeline } from 'node:stream';

/** A way to a database that can be cut and mended. */
export interface DatabaseProxy {
  /** The database's URL, by this way. */
  url: string;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Keeps every connection and lets nothing through until `thaw`. */
  freeze(): void;
  thaw(): void;
}

export async function openProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    for (const socket of [client, database]) sockets.add(socket);
    pipeline(client, database, client, () => {
      for (const socket of [client, database]) sockets.delete(socket.destroy());
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const own = (server.address() as AddressInfo).port;
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(own) }).href,
    cut: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
    freeze: () => sockets.forEach((socket) => socket.pause()),
    thaw: () => sockets.forEach((socket) => socket.resume()),
    mend: async () => void (await once(server.listen(own, '127.0.0.1'), 'listening')),
  };
}
