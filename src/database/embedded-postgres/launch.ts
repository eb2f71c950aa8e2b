import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fchownSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { explain } from './data-directory-error.js';
import { programEnvironment } from './run.js';
import { settings } from './settings.js';

const LARGEST_LOG = 1_000_000;
/** What another server on the same cluster or port, or the last sessions of a killed one, make of a start: gone in a moment, or to be adopted. */
const PASSING = /Address already in use|lock file ".*" already exists|pre-existing shared memory block/;

/** One attempt to start a server. */
export interface Launch {
  process: ChildProcess;
  /** Where its lines begin in the log. */
  logStart: number;
  /** Why the program could not even be run. */
  failure?: Error;
}

/**
 * Starts the server on `port`, else on any that is free, in a session of its own, so that Ctrl-C in a terminal reaches us and not PostgreSQL.
 * PostgreSQL itself keeps two servers off one cluster. `notPostgres`, the pid of a `postmaster.pid` that was left over, is handed to it as that
 * of a relative, which it does not take for a server.
 */
export async function launchServer(cluster: Cluster, port: number | undefined, notPostgres: number | undefined): Promise<Launch> {
  const args = ['-D', cluster.directory, ...settings(port ?? (await freePort()), cluster.durable)];
  const env = { ...programEnvironment(), ...(notPostgres !== undefined && { PG_GRANDPARENT_PID: String(notPostgres) }) };
  const log = openLog(cluster);
  const logStart = fstatSync(log).size;
  const stdio = ['ignore' as const, log, log];
  const child = spawn(join(cluster.bin, 'postgres'), args, { ...cluster.user, cwd: '/', env, detached: true, stdio, windowsHide: true });
  const launch: Launch = { process: child, logStart };
  child.once('error', (error) => (launch.failure = error));
  child.unref();
  closeSync(log);
  return launch;
}

export function hasEnded({ process, failure }: Launch): boolean {
  return failure !== undefined || process.exitCode !== null || process.signalCode !== null;
}

/** Ends it, ready or not; nothing is lost by that. */
export async function endLaunch(launch: Launch): Promise<void> {
  const ended = new Promise((resolve) => launch.process.once('exit', resolve));
  if (hasEnded(launch)) return;
  launch.process.kill('SIGQUIT');
  await Promise.race([ended, pause(5_000, undefined, { ref: false })]);
}

/** Throws `DataDirectoryError` with what the log says, unless `launch` failed for a reason that passes. */
export function requirePassing(cluster: Cluster, { logStart, failure }: Launch): void {
  if (failure !== undefined) throw explain(cluster.dataDir, failure);
  const log = readFileSync(cluster.logFile).subarray(logStart).toString();
  if (!PASSING.test(log)) throw explain(cluster.dataDir, log);
}

/** Begins a new one when it has grown, and keeps the one before. It belongs to the server's user, who may be the next to start us. */
function openLog({ logFile, user }: Cluster): number {
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG) renameSync(logFile, `${logFile}.old`);
  const log = openSync(logFile, 'a', 0o600);
  if (user.uid !== undefined && user.gid !== undefined) fchownSync(log, user.uid, user.gid);
  return log;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
