import { DataSource } from 'typeorm';
import { AdoptService } from '../../src/audit/adopt.service.js';
import { AuditScopes } from '../../src/audit/audit-scope.js';
import { AuditService } from '../../src/audit/audit.service.js';
import { Confirmation } from '../../src/audit/confirmation.js';
import { Finding } from '../../src/audit/finding.js';
import { PatientStorage } from '../../src/audit/patient-storage.js';
import { Suspects } from '../../src/audit/suspects.js';
import { WalkRecords } from '../../src/audit/walk-records.js';
import { patienceOf, Walker, WalkOptions } from '../../src/audit/walker.js';
import { readConfig } from '../../src/config/config.js';
import { IndexingService } from '../../src/indexing/indexing.service.js';
import { AssetStorage } from '../../src/upload/asset-storage.js';

/** The audit on a storage of the test's choice. */
export class AuditParts {
  readonly scopes: AuditScopes;
  readonly walker: Walker;
  readonly service: AuditService;
  readonly adopt: AdoptService;
  /** What the watcher was told. */
  readonly told: string[] = [];

  constructor(dataSource: DataSource, storage: AssetStorage, settings: Record<string, string> = {}) {
    const [config, indexing, patient] = [readConfig(settings), new IndexingService(dataSource), new PatientStorage(storage)];
    this.scopes = new AuditScopes(dataSource, config, indexing);
    this.walker = new Walker(this.scopes, patient, new WalkRecords(dataSource));
    this.service = new AuditService(new Suspects(dataSource), new Confirmation(dataSource, patient));
    this.adopt = new AdoptService(dataSource, config, indexing);
  }

  /** Walks through everything and resolves with all findings. */
  async audit(options: Partial<WalkOptions> = {}): Promise<Finding[]> {
    const scope = await this.scopes.everything();
    const all = { fresh: false, signal: new AbortController().signal, ...options, watcher: this.watcher() };
    return this.walker.walk(scope, all, async (walk) => {
      const findings: Finding[] = [];
      for await (const finding of this.service.findings(walk, scope, patienceOf(all.watcher, all.signal))) findings.push(finding);
      return findings;
    });
  }

  private watcher(): WalkOptions['watcher'] {
    return {
      onBegin: ({ seen }, expected) => void this.told.push(`begin: ${seen} of ${expected}`),
      onPage: ({ seen }) => void this.told.push(`page: ${seen}`),
      onCursorRefused: () => void this.told.push('anew'),
      onWait: () => void this.told.push('wait'),
      onTrouble: ({ message }) => void this.told.push(`trouble: ${message}`),
    };
  }
}
