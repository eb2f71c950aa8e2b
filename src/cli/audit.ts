import { AuditModule } from '../audit/audit.module.js';
import { UnknownSeriesError } from '../audit/audit-errors.js';
import { AuditScope, AuditScopes, NO_SERIES, SeriesName } from '../audit/audit-scope.js';
import { AuditService } from '../audit/audit.service.js';
import { StorageWalk } from '../audit/storage-walk.entity.js';
import { patienceOf, Walker } from '../audit/walker.js';
import { printFindings, writeJson } from './audit-report.js';
import { AuditFindings } from './audit-findings.js';
import { runCommand } from './run-command.js';
import { EXIT } from './stoppable.js';
import { WalkView } from './walk-view.js';
import { withModules } from './with-modules.js';

export interface AuditOptions extends Partial<SeriesName> {
  json?: true;
  fresh?: true;
}

/** Compares, prints the report and sets the exit code: 0 nothing found, 1 findings, 2 could not be done, 130 stopped. */
export function audit(options: AuditOptions): Promise<void> {
  return runCommand('Stopped. The same command goes on from here.', (signal) => compare(options, signal));
}

function compare(options: AuditOptions, signal: AbortSignal): Promise<number> {
  return withModules([AuditModule], async (app) => {
    const watcher = new WalkView();
    const scope = await scopeOf(app.get(AuditScopes), options);
    const service = app.get(AuditService);
    const report = async (walk: StorageWalk) => {
      if (scope.seriesId === NO_SERIES && walk.seen === 0) throw new UnknownSeriesError();
      const findings = new AuditFindings(service.findings(walk, scope, patienceOf(watcher, signal)));
      const about = { walk, expected: await app.get(AuditScopes).expected(scope), onTheirWay: await service.onTheirWay(walk, scope) };
      await (options.json ? writeJson(about, findings) : printFindings(about, findings));
      return findings.total > 0 ? EXIT.findings : EXIT.ok;
    };
    return app
      .get(Walker)
      .walk(scope, { fresh: options.fresh ?? false, signal, watcher }, report)
      .finally(() => watcher.close());
  });
}

function scopeOf(scopes: AuditScopes, { username, character }: AuditOptions): Promise<AuditScope> {
  return username === undefined || character === undefined ? scopes.everything() : scopes.series({ username, character });
}
