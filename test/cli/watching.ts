import { createInterface } from 'node:readline';
import { FilmrollProcess } from '../audit/filmroll-process.js';

/** The objects of `--json`, one a line. */
export function linesOf(stdout: string): any[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Resolves with the first line on stdout that is as wanted; rejects when the command ends without it. */
export function lineOf(command: FilmrollProcess, isWanted: (line: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface(command.process.stdout!).on('line', (line) => isWanted(line) && resolve(line));
    void command.ending.then(({ code, stderr }) => reject(new Error(`ended with ${code}: ${stderr}`)));
  });
}
