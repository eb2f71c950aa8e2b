import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whom PostgreSQL runs as, ready for `spawn`; empty: ourselves. */
export interface ServerUser {
  uid?: number;
  gid?: number;
}

/** All that PostgreSQL's programs get to see of our environment, which may hold secrets. Its messages are matched, so they must be English. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return { PATH, SystemRoot, TEMP, LC_ALL: 'C' };
}

/** Runs a program as `user` to its end. Rejects when it fails or takes more than `timeout` ms; `stderr` of the error says why. */
export async function run(file: string, args: string[], user: ServerUser, timeout = 10_000): Promise<void> {
  await promisify(execFile)(file, args, {
    ...user,
    cwd: '/',
    env: programEnvironment(),
    timeout,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
}
