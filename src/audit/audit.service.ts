import { Injectable } from '@nestjs/common';
import { AuditScope } from './audit-scope.js';
import { Confirmation } from './confirmation.js';
import { DuplicateFinding, Finding, NAME_KINDS, NameFinding, NameKind } from './finding.js';
import { Patience } from './patient-storage.js';
import { StorageWalk } from './storage-walk.entity.js';
import { Suspect, Suspects } from './suspects.js';

/** How many suspects of each kind are looked at once more; storage may limit how often it is asked. */
export const CONFIRMED_AT_MOST = 200;
const AT_A_TIME = 8;

/** Ledger against storage against hashes. */
@Injectable()
export class AuditService {
  constructor(
    private readonly suspects: Suspects,
    private readonly confirmation: Confirmation,
  ) {}

  /**
   * What a walk of the scope has found, kind by kind in the order of FINDING_KINDS. The first CONFIRMED_AT_MOST of each kind are looked at once more, and
   * left out if all is well by now. Throws what `PatientStorage` throws.
   */
  async *findings(walk: StorageWalk, scope: AuditScope, patience: Patience): AsyncGenerator<Finding> {
    for (const kind of NAME_KINDS) yield* this.ofKind(kind, walk, scope, patience);
    yield* this.duplicates(walk, scope, patience);
  }

  /** How many images have their bytes in storage and are not UPLOADED yet. */
  onTheirWay(walk: StorageWalk, scope: AuditScope): Promise<number> {
    return this.suspects.onTheirWay(walk, scope);
  }

  private async *ofKind(kind: NameKind, walk: StorageWalk, scope: AuditScope, patience: Patience): AsyncGenerator<NameFinding> {
    let asked = 0;
    for await (const some of inGroups(this.suspects.of(kind, walk, scope))) {
      patience.signal.throwIfAborted();
      const more = asked < CONFIRMED_AT_MOST;
      asked += some.length;
      const findings = more ? await Promise.all(some.map((suspect) => this.confirmation.of(suspect, patience))) : some.map(unconfirmed);
      yield* findings.filter((finding) => finding !== null);
    }
  }

  private async *duplicates(walk: StorageWalk, scope: AuditScope, patience: Patience): AsyncGenerator<DuplicateFinding> {
    let asked = 0;
    for await (const suspect of this.suspects.duplicates(walk, scope)) {
      patience.signal.throwIfAborted();
      const more = ++asked <= CONFIRMED_AT_MOST;
      const finding = more ? await this.confirmation.ofDuplicate(suspect, patience) : { ...suspect, confirmed: false };
      if (finding) yield finding;
    }
  }
}

/** What was stored so lately is judged by the next audit. */
function unconfirmed({ recent, ...suspect }: Suspect): NameFinding | null {
  return recent ? null : { ...suspect, confirmed: false };
}

async function* inGroups<T>(items: AsyncGenerator<T>): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    if (group.push(item) < AT_A_TIME) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
