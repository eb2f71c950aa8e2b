import { Adoption, AdoptService, isOutOfReach, raises } from '../audit/adopt.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { UnknownSeriesError } from '../audit/audit-errors.js';
import { AuditScopes, NO_SERIES, SeriesName } from '../audit/audit-scope.js';
import { Walker } from '../audit/walker.js';
import { adoptionTable, remarksOn } from './adopt-report.js';
import { runCommand } from './run-command.js';
import { EXIT } from './stoppable.js';
import { WalkView } from './walk-view.js';
import { withModules } from './with-modules.js';

export interface AdoptOptions extends Partial<SeriesName> {
  all?: true;
  above: number;
  apply?: true;
  fresh?: true;
}

/** Raises the series, or says what it would do, and sets the exit code: 0 done, 2 could not be done, 130 stopped. */
export function adopt(options: AdoptOptions): Promise<void> {
  return runCommand('Stopped. The same command goes on from here.', (signal) => look(options, signal));
}

function look(options: AdoptOptions, signal: AbortSignal): Promise<number> {
  const { username = '', character = '', all = false, fresh = false, above } = options;
  return withModules([AuditModule], async (app) => {
    const [scopes, service, watcher] = [app.get(AuditScopes), app.get(AdoptService), new WalkView()];
    const scope = await (all ? scopes.everything() : scopes.series({ username, character }));
    const names = all ? await service.allSeries() : [{ username, character }];
    const plans = await app
      .get(Walker)
      .walk(scope, { fresh, signal, watcher }, (walk) => service.plan(walk, names, above))
      .finally(() => watcher.close());
    if (scope.seriesId === NO_SERIES && plans[0].above === 0) throw new UnknownSeriesError();
    return carryOut(plans, service, options, signal);
  });
}

async function carryOut(plans: Adoption[], service: AdoptService, { apply, all }: AdoptOptions, signal: AbortSignal): Promise<number> {
  const due = plans.filter((plan) => raises(plan) && !isOutOfReach(plan));
  const done = new Map<Adoption, number>();
  for (const plan of apply ? due : []) {
    signal.throwIfAborted();
    done.set(plan, await service.apply(plan));
  }
  const worthTelling = all ? plans.filter((plan) => raises(plan) || plan.taken.images > 0) : plans;
  if (worthTelling.length > 0) console.log(adoptionTable(worthTelling, done));
  for (const remark of remarksOn(plans, due, apply ?? false)) console.log(remark);
  return plans.some(isOutOfReach) ? EXIT.impossible : EXIT.ok;
}
