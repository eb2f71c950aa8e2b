import Table from 'cli-table3';
import type { Growth } from './count/growth.js';
import type { Scoreboard } from './count/scoreboard.js';
import type { Report } from './run-chaos.js';

/** So many cases of each finding are told in words. */
const TOLD = 5;

/** The report as a table, the findings that are not zero in words below it. */
export function reportTable({ board, kills, seed, seconds, queue }: Report): string {
  const table = new Table({ style: { head: [], border: [], compact: true }, colAligns: ['left', 'right'] });
  const perSecond = (board.uploaded / seconds).toFixed(1);
  table.push(['images accepted', board.accepted], ['UPLOADED', board.uploaded]);
  for (const { name, cases } of board.findings) table.push([name, cases.length === 0 ? '0' : `${cases.length} ✗`]);
  table.push(['images generated more than once', `${board.madeAgain} (${share(board)} %)`]);
  for (const [cause, times] of Object.entries(board.causes)) table.push([`  because of: ${cause}`, times]);
  table.push(['prompts begun and not finished', board.brokenRuns], ['faults played by ComfyUI', board.faults]);
  table.push(['processes killed', `${board.kills} of ${kills}`]);
  for (const [harm, times] of Object.entries(board.harms)) table.push([`  ${harm}`, times]);
  table.push(
    ['batches', board.batches],
    ['connections of subscribers', board.connections],
    ['requests told to try again', board.retriedRequests],
    ...board.growth.map((growth) => [`${growth.process}: ${growth.measure}`, grown(growth)]),
  );
  table.push(['queue', queue], ['seconds', seconds.toFixed(0)], ['images per second', perSecond], ['seed', seed]);
  return [table.toString(), ...told(board)].join('\n');
}

/** Medians of the second and the last third, and how much that is. */
function grown({ measure, second, last }: Growth): string {
  const amount = measure === 'memory' ? (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB` : String;
  return `${amount(second)} → ${amount(last)} (× ${(last / second).toFixed(2)})`;
}

function share({ madeAgain, accepted }: Scoreboard): string {
  return ((100 * madeAgain) / Math.max(1, accepted)).toFixed(2);
}

function told({ findings }: Scoreboard): string[] {
  const found = findings.filter(({ cases }) => cases.length > 0);
  return found.flatMap(({ name, cases }) => [`\n${name}:`, ...cases.slice(0, TOLD).map((text) => `  ${text}`), ...rest(cases.length)]);
}

function rest(count: number): string[] {
  return count > TOLD ? [`  … and ${count - TOLD} more`] : [];
}
