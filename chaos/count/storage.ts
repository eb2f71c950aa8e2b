import type { Evidence, LedgerImage, StoredPicture } from '../evidence.js';
import { type Finding, repeated } from './finding.js';

/** What lies in storage, by its bytes, against what the ledger says. */
export function storageFindings({ ledger, storage, runs }: Evidence): Finding[] {
  const { pictures, strays, overwrites, rewrites } = storage;
  const stored = new Map(pictures.map((picture) => [picture.publicId, picture]));
  const uploaded = new Map(ledger.images.filter(({ status }) => status === 'UPLOADED').map((row) => [row.publicId, row]));
  const both = [...uploaded.values()].flatMap((row) => ({ row, picture: stored.get(row.publicId) }));
  const drawnFor = drawings(ledger.changes, runs);
  const unknown = [...stored.keys()].filter((name) => !uploaded.has(name));
  return [
    { name: 'pictures overwritten', cases: Array.from({ length: overwrites + rewrites }, () => 'an upload replaced what was there') },
    { name: 'UPLOADED, but not in storage', cases: both.filter(({ picture }) => !picture).map(({ row }) => row.publicId) },
    { name: 'UPLOADED, but with other bytes', cases: both.filter(hasOtherBytes).map(({ row }) => row.publicId) },
    { name: 'UPLOADED, but the picture of another', cases: both.filter((one) => isAnothers(one, drawnFor)).map(({ row }) => row.publicId) },
    { name: 'stored, but not in the ledger', cases: [...unknown, ...strays] },
    { name: 'same picture under two names', cases: repeated(pictures.map(({ sha256 }) => sha256)) },
  ];
}

interface Pair {
  row: LedgerImage;
  picture: StoredPicture | undefined;
}

function hasOtherBytes({ row, picture }: Pair): boolean {
  return picture !== undefined && (picture.sha256 !== row.sha256 || picture.md5 !== row.md5 || picture.bytes !== row.bytes);
}

/** For which images each picture was drawn, by what its pixels spell. */
function drawings(changes: Evidence['ledger']['changes'], runs: Evidence['runs']): Map<string, Set<string>> {
  const imageOf = new Map(changes.map(({ promptId, imageId }) => [promptId, imageId]));
  const drawnFor = new Map<string, Set<string>>();
  for (const { promptId, fingerprints } of runs) {
    const imageId = imageOf.get(promptId);
    for (const one of fingerprints) drawnFor.set(one, (drawnFor.get(one) ?? new Set()).add(imageId ?? 'nobody'));
  }
  return drawnFor;
}

function isAnothers({ row, picture }: Pair, drawnFor: Map<string, Set<string>>): boolean {
  return picture !== undefined && !drawnFor.get(picture.fingerprint)?.has(row.id);
}
