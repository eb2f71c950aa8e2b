import type { Faults } from './faults.js';
import type { Gate } from './gate.js';
import type { ModelFolders } from './model-folders.js';
import type { CacheKind, NodeCache } from './node-cache.js';
import type { OutputFiles } from './output-files.js';
import type { PromptQueue } from './prompt-queue.js';
import type { ServerLog } from './server-log.js';
import type { Sockets } from './sockets.js';

export interface Settings {
  /** As /system_stats gives it; older ones lack what they lacked. */
  version: string;
  /** How long a sampler takes; may be changed while the server runs. */
  pictureMs: number;
  /** Whether samplers send previews; a real server does only when told to. */
  previews: boolean;
  cache: CacheKind;
  historyLimit: number;
  /** Lets time pass; rejects when aborted. */
  pace(ms: number, signal: AbortSignal): Promise<void>;
}

/** What outlives a restart. */
export interface Belongings {
  settings: Settings;
  models: ModelFolders;
  files: OutputFiles;
  faults: Faults;
  log: ServerLog;
}

/** All parts of one running server process. */
export interface Inside extends Belongings {
  queue: PromptQueue;
  sockets: Sockets;
  cache: NodeCache;
  /** Shut while the process is frozen. */
  awake: Gate;
  /** Aborted when the process dies. */
  life: AbortSignal;
}

/** Compares dotted versions, number by number. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, need] = [version, wanted].map((text) => text.split('.').map(Number));
  const at = need.findIndex((number, i) => (have[i] ?? 0) !== number);
  return at < 0 || (have[at] ?? 0) > need[at];
}

/** Lets time pass for a worker: not while the process is frozen, and not beyond the signal. */
export async function pause(inside: Inside, ms: number, signal: AbortSignal): Promise<void> {
  await inside.settings.pace(ms, signal);
  await inside.awake.passed();
  signal.throwIfAborted();
}
