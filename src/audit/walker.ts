import { Injectable } from '@nestjs/common';
import { AssetPage, StorageRejectedError } from '../upload/asset-storage.js';
import { AuditScope, AuditScopes } from './audit-scope.js';
import { StorageUnreadableError } from './audit-errors.js';
import { Patience, PatientStorage } from './patient-storage.js';
import { StorageWalk } from './storage-walk.entity.js';
import { WalkRecords } from './walk-records.js';

/** Is told how a walk gets on. */
export interface WalkWatcher extends Omit<Patience, 'signal'> {
  /** Before the first page; `expected`: assets that the ledger says storage has. */
  onBegin(walk: StorageWalk, expected: number): void;
  onPage(walk: StorageWalk): void;
  /** Storage no longer knows where it was: the walk begins anew. */
  onCursorRefused(): void;
}

export interface WalkOptions {
  /** Does not go on with a walk that was stopped. */
  fresh: boolean;
  signal: AbortSignal;
  watcher: WalkWatcher;
}

/** Reads all of storage that lies within a scope, page by page. */
@Injectable()
export class Walker {
  constructor(
    private readonly scopes: AuditScopes,
    private readonly storage: PatientStorage,
    private readonly records: WalkRecords,
  ) {}

  /**
   * Walks to the end, from where a walk of the same storage and prefixes was stopped within the last day, and hands what was seen to `report`. What was seen is
   * forgotten when `report` resolves, and kept for the next time when anything is thrown: the signal's reason, `StorageUnreadableError`,
   * `WalkInProgressError`.
   */
  async walk<T>(scope: AuditScope, options: WalkOptions, report: (walk: StorageWalk) => Promise<T>): Promise<T> {
    return this.records.exclusively(scope.prefixes, async () => {
      const { place } = this.storage;
      const stopped = options.fresh ? null : await this.records.stopped(place, scope.prefixes);
      const first = stopped ?? (await this.records.begin(place, scope.prefixes));
      options.watcher.onBegin(first, await this.scopes.expected(scope));
      const walk = await this.readOn(first, options);
      await this.records.finish();
      const reported = await report(walk);
      await this.records.remove(walk);
      return reported;
    });
  }

  private async readOn(first: StorageWalk, { signal, watcher }: WalkOptions): Promise<StorageWalk> {
    let walk = first;
    const patience = patienceOf(watcher, signal);
    while (!walk.isDone) {
      const page = await this.nextPage(walk, patience);
      if (page === null) {
        if (walk !== first) throw new StorageUnreadableError(new Error('it refuses its own cursors.'));
        walk = await this.records.begin(walk.place, walk.prefixes);
        watcher.onCursorRefused();
        continue;
      }
      await this.records.save(walk, page);
      watcher.onPage(walk);
    }
    return walk;
  }

  /** Null when storage refuses the cursor, though it can be read. */
  private async nextPage({ prefixes, prefixesDone, cursor }: StorageWalk, patience: Patience): Promise<AssetPage | null> {
    const prefix = prefixes[prefixesDone];
    try {
      return await this.storage.list(prefix, cursor, patience);
    } catch (error) {
      if (!(error instanceof StorageRejectedError)) throw error;
      if (cursor === null) throw new StorageUnreadableError(error);
      await this.nextPage({ prefixes, prefixesDone, cursor: null } as StorageWalk, patience);
      return null;
    }
  }
}

/** What `watcher` is told by whatever reads storage on the walk's behalf. */
export function patienceOf(watcher: WalkWatcher, signal: AbortSignal): Patience {
  return { signal, onWait: (until) => watcher.onWait(until), onTrouble: (error) => watcher.onTrouble(error) };
}
