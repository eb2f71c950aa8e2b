/** One image, as far as the commands show it. */
export interface ShownImage {
  position: number;
  index: number;
  seed: number;
  publicId: string;
  status: string;
  url: string | null;
  bytes: number | null;
  sha256: string | null;
  error: ShownError | null;
}

export interface ShownBatch {
  id: string;
  username: string;
  character: string;
  status: string;
  count: number;
  /** How many images are in each state. */
  counts: Record<string, number>;
  images: ShownImage[];
}

export interface ShownEvent {
  number: number;
  position: number;
  index: number;
  status: string;
  batchStatus: string;
  at: string;
  url: string | null;
  error: ShownError | null;
}

export interface ShownProgress {
  position: number;
  /** 0…1 within the stage. */
  fraction: number;
}

interface ShownError {
  code: string;
  message: string;
}

const ERROR = 'error { code message }';
const BATCH = `id username character status count counts { queued generating generated uploading uploaded failed cancelled }
  images { position index seed publicId status url bytes sha256 ${ERROR} }`;

export const GENERATE = `mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { replayed batch { ${BATCH} } } }`;
export const READ = `query ($id: ID!) { batch(id: $id) { ${BATCH} } }`;
export const FOLLOW = `subscription ($batchId: ID!, $after: Int!) {
  imageStatusChanged(batchId: $batchId, after: $after) { number position index status batchStatus at url ${ERROR} }
}`;
export const PROGRESS = 'subscription ($batchId: ID!) { imageProgress(batchId: $batchId) { position fraction } }';
