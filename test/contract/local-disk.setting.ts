import express from 'express';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Config } from '../../src/config/config.js';
import { serveLocalAssets } from '../../src/upload/storages/local-assets.js';

/** A data folder of its own. */
export async function freshFolder() {
  const folder = await fs.mkdtemp(join(tmpdir(), 'filmroll-disk-'));
  const config = Object.assign(new Config(), { DATA_DIR: folder });
  return { config, remove: () => fs.rm(folder, { recursive: true, force: true }) };
}

/** The asset folder behind a real port. */
export async function serve(config: Config) {
  const app = express();
  app.use('/assets', serveLocalAssets(config));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { origin, close };
}

/** A small picture that no other seed makes. */
export function picture(seed: number): Promise<Buffer> {
  const background = { r: seed % 256, g: (seed >> 8) % 256, b: 77 };
  return sharp({ create: { width: 16, height: 16, channels: 3, background } })
    .png()
    .toBuffer();
}

/** What the system would say, path included. */
export function refusal(code: string, errno: number): Error {
  return Object.assign(new Error(`${code}: refused, open '/srv/data/assets/x'`), {
    code,
    errno,
    syscall: 'open',
    path: '/srv/data/assets/x',
  });
}
