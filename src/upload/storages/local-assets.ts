import { Logger } from '@nestjs/common';
import type { Handler, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import { Config } from '../../config/config.js';
import { StorageRejectedError } from '../asset-storage.js';
import { AssetFolder } from './local-disk/asset-folder.js';
import { withoutPaths } from './local-disk/disk-error.js';
import { smallCopy } from './local-disk/small-copy.js';

const ADDRESS = /^\/assets\/(?<publicId>[a-z0-9/_-]+)\.(?<format>[a-z]+)$/;
/** The bytes under a public id never change. */
const CACHED = 'public, max-age=31536000, immutable';
const logger = new Logger('LocalAssets');

/**
 * Serves the pictures of the asset folder at `/assets/<publicId>.<format>`, and with `?small` a copy for lists; mount it there. Read only, with
 * ranges and ETags, for any page to embed and to be kept for ever. Anything else there is 404, in JSON.
 */
export function serveLocalAssets(config: Config): Handler {
  const folder = new AssetFolder(config);
  return async (request, response) => {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cross-Origin-Resource-Policy': 'cross-origin' });
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response.set('Allow', 'GET, HEAD'), 405);
    try {
      const file = await fileAt(folder, request.originalUrl.split('?', 1)[0]);
      if (!file) return refuse(response, 404);
      if (request.query.small !== undefined) return await sendSmall(response, join(folder.root, file));
      const options = { root: folder.root, cacheControl: false };
      response.set('Cache-Control', CACHED).sendFile(file, options, (error: unknown) => error && fail(response, error));
    } catch (error) {
      fail(response, error);
    }
  };
}

/** The file's path within the folder, or null when nothing that may be served has this address. */
async function fileAt(folder: AssetFolder, address: string): Promise<string | null> {
  const { publicId, format } = ADDRESS.exec(address)?.groups ?? {};
  if (!publicId) return null;
  const found = await folder.find(publicId);
  return found?.format === format ? `${publicId}.${format}` : null;
}

async function sendSmall(response: Response, path: string): Promise<void> {
  const copy = await smallCopy(path);
  response.set('Cache-Control', CACHED).type('webp').send(copy);
}

/** Express tells the status with its error; an id that no picture can have is one that is not there. */
function fail(response: Response, thrown: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const error = withoutPaths(thrown);
  if (error instanceof StorageRejectedError) return refuse(response, 404);
  const { status = 500 } = thrown as { status?: number };
  if (status >= 500) logger.warn(`A picture could not be served. ${String(error)}`);
  refuse(response, status);
}

/** For this time only: none of the file's own headers stay. */
function refuse(response: Response, status: number): void {
  for (const name of ['ETag', 'Last-Modified', 'Content-Type']) response.removeHeader(name);
  response.set('Cache-Control', 'no-store').status(status).json({ statusCode: status, message: STATUS_CODES[status] });
}
