import type { Socket } from 'node:net';
import type { AdminLimit } from './admin-limit.js';
import type { AssetStore } from './asset-store.js';
import type { Faults } from './faults.js';
import type { ServiceLog } from './service-log.js';

export interface Account {
  cloud: string;
  key: string;
  secret: string;
}

/** What may be changed while the service runs. */
export interface Settings {
  /** Larger pictures are refused; as on the free plan when left out. */
  maxImageBytes: number;
  /** False: an upload that may not overwrite looks first and stores later, so that two at once may both store. */
  atomic: boolean;
  /** When lists tell etags: always, when asked for them with `fields`, or never; which of these is so is not documented. */
  listEtags: 'always' | 'asked' | 'never';
  /** A default upload preset that changes the bytes of every upload. */
  defaultPreset: boolean;
  /** 420 for uploads beyond so many at the same time. */
  concurrencyLimit: number;
  /** Of the faults lateAnswer and lateStore, in milliseconds. */
  lateMs: number;
  /** Of the fault trickle: between two bytes, in milliseconds. */
  trickleMs: number;
}

/** What the parts of the service share. */
export interface Inside {
  account: Account;
  settings: Settings;
  store: AssetStore;
  faults: Faults;
  log: ServiceLog;
  limit: AdminLimit;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Ends with the service for good, not while it is only away. */
  life: AbortSignal;
  /** http://127.0.0.1:port */
  origin: () => string;
  /** Connections that look alive but will break at the next request. */
  doomed: WeakSet<Socket>;
}
