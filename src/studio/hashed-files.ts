import express, { type Handler } from 'express';
import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { FILE_HEADERS } from './page-headers.js';

/**
 * Serves the files of `dir` whose names hold a hash of their content, so that a browser may keep them for good;
 * as their Brotli copy where there is one and the browser takes it.
 */
export function hashedFiles(dir: string): Handler {
  const serve = express.static(dir, {
    index: false,
    redirect: false,
    immutable: true,
    maxAge: '1y',
    setHeaders: (res) => res.setHeaders(new Map(Object.entries(FILE_HEADERS))),
  });
  return (req, res, next) => {
    const copy = `${basename(req.path)}.br`;
    if (req.acceptsEncodings('br') && existsSync(join(dir, copy))) {
      res.type(extname(req.path)).set({ 'Content-Encoding': 'br', Vary: 'Accept-Encoding' });
      req.url = `/${copy}`;
    }
    serve(req, res, next);
  };
}
