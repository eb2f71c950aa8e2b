import Table from 'cli-table3';
import { Adoption, isOutOfReach } from '../audit/adopt.service.js';
import { HIGHEST_RAISE } from '../indexing/indexing.service.js';
import { inOneLine } from './one-line.js';
import { number } from './walk-view.js';

const HEAD = ['username', 'character', 'last index', 'highest in storage', 'next index'];
const BATCHES = 3;

/** A line for each series; `done`: what was raised, and its highest spent index now. */
export function adoptionTable(plans: Adoption[], done: Map<Adoption, number>): string {
  const colours = process.stdout.isTTY ? { head: ['bold'], border: ['gray'] } : { head: [], border: [] };
  const table = new Table({ head: HEAD, style: { ...colours, compact: true }, colAligns: ['left', 'left', 'right', 'right', 'right'] });
  for (const plan of plans) {
    const names = [plan.username, plan.character].map(inOneLine);
    table.push([...names, orNone(plan.lastIndex), orNone(plan.highestName), isOutOfReach(plan) ? 'too high' : nextIndex(plan, done)]);
  }
  return table.toString();
}

/** What to know about it, line by line. */
export function remarksOn(plans: Adoption[], due: Adoption[], applied: boolean): string[] {
  return [...plans.filter(isOutOfReach).map(tooHigh), ...plans.filter(({ taken }) => taken.images > 0).map(newBatch), ending(due, applied)];
}

function ending(due: Adoption[], applied: boolean): string {
  if (due.length === 0) return 'Nothing to raise: the next indices are above what storage holds.';
  if (applied) return `Raised: ${number(due.length)} series. New batches begin at the next index.`;
  return 'Nothing was changed. The same command with --apply raises to the next index shown here.';
}

function newBatch({ username, character, taken: { images, batchIds } }: Adoption): string {
  const more = batchIds.length > BATCHES ? ' …' : '';
  const batches = `${batchIds.slice(0, BATCHES).join(' ')}${more}`;
  return `${number(images)} images of ${inOneLine(username)} / ${inOneLine(character)} failed with PUBLIC_ID_TAKEN (batch ${batches}): make a new batch for those.`;
}

function tooHigh({ username, character, above }: Adoption): string {
  const series = `${inOneLine(username)} / ${inOneLine(character)}`;
  return `${series} is not raised above ${number(above)}: ${number(HIGHEST_RAISE)} is the most. If storage holds such a name by mistake, move it away.`;
}

function nextIndex(plan: Adoption, done: Map<Adoption, number>): string {
  return number((done.get(plan) ?? Math.max(plan.above, plan.lastIndex)) + 1);
}

function orNone(index: number): string {
  return index === 0 ? 'none' : number(index);
}
