import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { DataDirectoryError } from './data-directory-error.js';
import { endLaunch, hasEnded, type Launch, launchServer, requirePassing } from './launch.js';
import { isRunning, readPostmaster } from './postmaster.js';
import { run } from './run.js';
import { openSession, type Session } from './session.js';

/**
 * A session with the cluster's server, which is started first unless it runs already, left by a killed process or just started by another.
 * `port`: the one to start it on, else any that is free. Tries until `signal` aborts; throws `DataDirectoryError` when the server cannot start.
 */
export async function connect(cluster: Cluster, port: number | undefined, signal: AbortSignal): Promise<Session> {
  let launch: Launch | undefined;
  while (!signal.aborted) {
    const postmaster = readPostmaster(cluster.directory);
    if (postmaster !== null && isRunning(postmaster.pid, cluster.directory)) {
      const session = postmaster.ready ? await openSession(postmaster.port, cluster.password) : null;
      if (session !== null) return session;
    } else if (launch === undefined) {
      launch = await launchServer(cluster, port, postmaster?.pid);
    } else if (hasEnded(launch)) {
      requirePassing(cluster, launch);
      launch = undefined;
      await rest(200, signal);
    }
    await rest(25, signal);
  }
  // After a timeout it may still be recovering, and the next start finds it further on.
  if (signal.reason.name === 'AbortError' && launch !== undefined) await endLaunch(launch);
  throw signal.reason;
}

/** Stops the cluster's server and resolves when it is gone; at once when there is none. Takes half a minute at most, then throws `DataDirectoryError`. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const pid = readPostmaster(cluster.directory)?.pid;
  if (pid === undefined || !isRunning(pid, cluster.directory)) return;
  if (cluster.durable && (await stop(cluster, pid, 'INT', 20_000))) return;
  // Loses nothing that was committed: the next start recovers it.
  if (await stop(cluster, pid, 'QUIT', 6_000)) return;
  throw new DataDirectoryError(`The database in ${cluster.dataDir} does not stop; end its process ${pid}`);
}

/** Has the cluster's server end its sessions and itself, without waiting for it; does nothing on Windows, which has no such signal. */
export function signalServer(cluster: Cluster): void {
  const pid = readPostmaster(cluster.directory)?.pid;
  if (process.platform === 'win32' || pid === undefined || !isRunning(pid, cluster.directory)) return;
  process.kill(pid, 'SIGINT');
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** By its pid and not with `pg_ctl stop`, which looks at the cluster again and would take the server that another process starts next for this one. */
async function stop(cluster: Cluster, pid: number, signal: 'INT' | 'QUIT', timeout: number): Promise<boolean> {
  const deadline = Date.now() + timeout;
  await run(join(cluster.bin, 'pg_ctl'), ['kill', signal, String(pid)], cluster.user).catch(() => undefined);
  while (isRunning(pid, cluster.directory) && Date.now() < deadline) await pause(10);
  return !isRunning(pid, cluster.directory);
}
