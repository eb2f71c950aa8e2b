/** One image as `generateBatch` promised it. */
export interface PromisedImage {
  position: number;
  index: number;
  publicId: string;
  seed: number;
}

export interface Answer {
  batchId: string;
  images: PromisedImage[];
}

/** One request, sent again with its key until it was answered, and sometimes once more afterwards. */
export interface AskedBatch {
  key: string;
  username: string;
  character: string;
  count: number;
  answers: Answer[];
  /** How often it was answered with an error, by the error's code. */
  errors: Record<string, number>;
}

export interface SeenEvent {
  number: number;
  position: number;
  index: number;
  status: string;
}

/** What one subscriber saw of a batch, through all its connections, in the order in which it came. */
export interface FollowedBatch {
  batchId: string;
  events: SeenEvent[];
  connections: number;
  /** Whether the service has said that there is no more. */
  hasEnded: boolean;
}

export interface LedgerBatch {
  id: string;
  status: string;
  lastEvent: number;
}

export interface LedgerImage extends PromisedImage {
  id: string;
  batchId: string;
  series: string;
  status: string;
  sha256: string | null;
  md5: string | null;
  bytes: number | null;
  /** Code of its error. */
  error: string | null;
}

export interface LedgerEvent extends SeenEvent {
  batchId: string;
}

/** In which an image belongs to the process that has claimed it. */
export type HeldStatus = 'GENERATING' | 'UPLOADING';

/** A change of an image's status, written down within its transaction. Times are milliseconds since 1970, here and below. */
export interface ImageChange {
  imageId: string;
  at: number;
  /** Name of the process that made it. */
  by: string;
  before: string;
  after: string;
  /** Whether it took the image from a worker that was held for dead. */
  rescued: boolean;
  promptId: string | null;
}

export interface Ledger {
  batches: LedgerBatch[];
  images: LedgerImage[];
  events: LedgerEvent[];
  changes: ImageChange[];
}

/** A stored picture, by its real bytes. */
export interface StoredPicture {
  publicId: string;
  sha256: string;
  md5: string;
  bytes: number;
  /** What its pixels spell: which recipe it was drawn by. */
  fingerprint: string;
}

export interface Storage {
  pictures: StoredPicture[];
  /** How often other bytes took the place of a picture. */
  overwrites: number;
  /** How often a picture was replaced by its own bytes: nothing that may only create does that. */
  rewrites: number;
  /** What was stored as something else than a picture. */
  strays: string[];
}

/** A prompt that a ComfyUI server took up. */
export interface PromptRun {
  server: string;
  promptId: string;
  startedAt: number;
  /** Null when the server died over it. */
  endedAt: number | null;
  outcome: string;
  /** Of the pictures that were drawn to their end. */
  fingerprints: string[];
}

/** A fault that a fake played on a request. */
export interface PlayedFault {
  server: string;
  name: string;
  at: number;
  /** Path, query and body of the request; empty when there was none. */
  request: string;
}

/** Something that was done to a process from outside. */
export interface Harm {
  /** killed, frozen, cut off, away */
  what: string;
  /** Name of the process. */
  target: string;
  from: number;
  /** When it was there again. */
  until: number;
}

/** What a process of the service had in use at a moment. */
export interface Vital {
  process: string;
  at: number;
  /** Resident memory in bytes, open file handles, connections to PostgreSQL. */
  memory: number;
  handles: number;
  connections: number;
}

/** All that is counted. */
export interface Evidence {
  asked: AskedBatch[];
  followed: FollowedBatch[];
  ledger: Ledger;
  storage: Storage;
  runs: PromptRun[];
  faults: PlayedFault[];
  harms: Harm[];
  /** Processes that ended although nobody killed them. */
  crashes: string[];
  /** Empty where nothing was measured. */
  vitals: Vital[];
}
