import { ImageStatus } from '../batch/image-status.js';

/** Bytes as the ledger or storage describes them. */
export interface Content {
  md5: string | null;
  bytes: number | null;
}

/** Which image of the ledger it is about. */
export interface ImageRef {
  id: string;
  batchId: string;
  username: string;
  character: string;
  index: number;
  status: ImageStatus;
}

/** missing: UPLOADED, and not in storage. different: UPLOADED, and storage holds other bytes. taken: not UPLOADED, and storage holds other bytes
 * under its name. unknown: in storage under our prefix, and no image has that name. */
export const NAME_KINDS = ['missing', 'different', 'taken', 'unknown'] as const;
export type NameKind = (typeof NAME_KINDS)[number];
export const FINDING_KINDS = [...NAME_KINDS, 'duplicate'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** A name under which ledger and storage do not agree. */
export interface NameFinding {
  kind: NameKind;
  publicId: string;
  image: ImageRef | null;
  ledger: Content | null;
  storage: Content | null;
  /** Whether storage and ledger were asked once more after the walk. */
  confirmed: boolean;
}

/** The same bytes under several names. */
export interface DuplicateFinding {
  kind: 'duplicate';
  md5: string;
  /** How many names there are. */
  names: number;
  /** The first of them. */
  publicIds: string[];
  confirmed: boolean;
}

export type Finding = NameFinding | DuplicateFinding;
