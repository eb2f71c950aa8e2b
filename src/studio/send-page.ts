import { NotFoundException } from '@nestjs/common';
import type { NextFunction, Response } from 'express';

/** One built page: its file below the page folder, the name that people know it by, and the headers it is sent with. */
export interface BuiltPage {
  file: string;
  name: string;
  headers: Record<string, string>;
}

/** Answers with a built page, to be asked for anew on each visit; NotFoundException says what to do where it has not been built. */
export function sendPage({ file, name, headers }: BuiltPage, pageDir: string, res: Response, next: NextFunction): void {
  res.sendFile(file, { root: pageDir, headers: { ...headers, 'Cache-Control': 'no-cache' }, cacheControl: false }, (error) => {
    if (error && !res.headersSent) next(new NotFoundException(`${name} has not been built. Run \`npm run build\`.`));
  });
}
