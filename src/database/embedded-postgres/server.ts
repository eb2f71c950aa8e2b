import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { DataDirectoryError } from './data-directory-error.js';
import { hasEnded, type Launch, launchServer, requirePassing } from './launch.js';
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
  if (signal.reason.name === 'AbortError') launch?.process.kill('SIGINT');
  throw signal.reason;
}

/** Stops the cluster's server and resolves when it is gone; at once when there is none. Takes half a minute at most, then throws `DataDirectoryError`. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const postmaster = readPostmaster(cluster.directory);
  if (postmaster === null || !isRunning(postmaster.pid, cluster.directory)) return;
  try {
    // An immediate stop loses nothing that was committed: the next start recovers it.
    await stop(cluster, cluster.durable ? 'fast' : 'immediate', 20).catch(() => stop(cluster, 'immediate', 5));
  } catch (error) {
    throw new DataDirectoryError(`The database in ${cluster.dataDir} does not stop; end its process ${postmaster.pid}`, { cause: error });
  }
  // Its last act is to remove postmaster.pid, a moment before it is gone.
  for (let turn = 0; turn < 100 && isRunning(postmaster.pid, cluster.directory); turn++) await pause(10);
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}

function stop(cluster: Cluster, mode: 'fast' | 'immediate', seconds: number): Promise<void> {
  const args = ['stop', '-D', cluster.directory, '-m', mode, '-t', String(seconds)];
  return run(join(cluster.bin, 'pg_ctl'), args, cluster.user, (seconds + 1) * 1_000);
}
