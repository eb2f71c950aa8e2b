import Table from 'cli-table3';
import { once } from 'node:events';
import { CONFIRMED_AT_MOST } from '../audit/audit.service.js';
import { Finding, FINDING_KINDS, FindingKind } from '../audit/finding.js';
import { StorageWalk } from '../audit/storage-walk.entity.js';
import { AuditFindings } from './audit-findings.js';
import { inOneLine } from './one-line.js';
import { number } from './walk-view.js';

interface AuditRun {
  walk: StorageWalk;
  /** Assets that the ledger says storage has. */
  expected: number;
  /** Images whose bytes are in storage and that are not UPLOADED yet. */
  onTheirWay: number;
}

const MEANING: Record<FindingKind, string> = {
  missing: 'UPLOADED in the ledger, but not in storage',
  different: 'UPLOADED, but storage holds other bytes under its name',
  taken: 'not uploaded, and storage holds other bytes under its name',
  unknown: 'in storage under our prefix, but not in the ledger',
  duplicate: 'the same bytes under several names',
};

const ONCE_MORE = `That is done for ${CONFIRMED_AT_MOST} of a kind at most, and not for names that no picture from here can have.`;

/** One JSON object on stdout: written as it is found, so that memory stays flat however much that is. */
export async function writeJson({ walk, expected, onTheirWay }: AuditRun, findings: AuditFindings): Promise<void> {
  const head = { prefixes: walk.prefixes, startedAt: walk.startedAt, assets: walk.seen, expected, storedNotYetUploaded: onTheirWay };
  await write(`${JSON.stringify(head).slice(0, -1)},"findings":[`);
  let separator = '\n';
  for await (const finding of findings) {
    await write(separator + JSON.stringify(finding));
    separator = ',\n';
  }
  await write(`],\n"counts":${JSON.stringify(findings.counts)},"unconfirmed":${findings.unconfirmed}}\n`);
}

/** For people: a table of counts, then the first findings of each kind. */
export async function printFindings({ walk, expected, onTheirWay }: AuditRun, findings: AuditFindings): Promise<void> {
  for await (const _ of findings);
  console.log(`${number(walk.seen)} assets in storage under ${walk.prefixes.join(' ')}, ${number(expected)} in the ledger as UPLOADED.`);
  if (onTheirWay > 0) console.log(`Stored and not yet UPLOADED: ${number(onTheirWay)}. They are on their way, which is no fault.`);
  console.log(countsTable(findings));
  for (const kind of FINDING_KINDS.filter((each) => findings.counts[each] > 0)) printKind(kind, findings);
  if (findings.unconfirmed > 0) console.log(`\nNot looked at once more: ${number(findings.unconfirmed)}. ${ONCE_MORE}`);
  console.log(findings.total === 0 ? '\nAll is as the ledger says.' : '\nWhat to do about each kind is written in docs/audit.md.');
}

function countsTable({ counts }: AuditFindings): string {
  const colours = process.stdout.isTTY ? { head: ['bold'], border: ['gray'] } : { head: [], border: [] };
  const table = new Table({
    head: ['finding', 'number', 'meaning'],
    style: { ...colours, compact: true },
    colAligns: ['left', 'right', 'left'],
  });
  for (const kind of FINDING_KINDS) table.push([kind, number(counts[kind]), MEANING[kind]]);
  return table.toString();
}

function printKind(kind: FindingKind, { shown, counts }: AuditFindings): void {
  const some = shown.filter((finding) => finding.kind === kind);
  console.log(`\n${kind}`);
  for (const finding of some) console.log(`  ${lineOf(finding)}`);
  if (some.length < counts[kind]) console.log(`  … and ${number(counts[kind] - some.length)} more: --json tells them all`);
}

function lineOf(finding: Finding): string {
  if (finding.kind === 'duplicate') {
    const more = finding.names - finding.publicIds.length;
    return `${finding.publicIds.map(inOneLine).join(' = ')}${more > 0 ? ` and ${number(more)} more` : ''}`;
  }
  const { publicId, image } = finding;
  const name = inOneLine(publicId);
  if (!image) return name;
  return `${name}  ${inOneLine(image.username)} / ${inOneLine(image.character)}, index ${image.index}, ${image.status}, batch ${image.batchId}`;
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
