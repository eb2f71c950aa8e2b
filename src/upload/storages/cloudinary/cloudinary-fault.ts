import { StorageBusyError, StorageRejectedError } from '../../asset-storage.js';

/** Cloudinary could not be asked, or gave no answer that can be used: may work later. `status` is that of its answer, if there was one. */
export class CloudinaryFault extends Error {
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
    this.name = 'CloudinaryFault';
  }
}

/** The credentials of CLOUDINARY_URL are wrong or lack a right: nothing works until somebody mends them. */
export class CloudinaryAccessError extends CloudinaryFault {
  constructor(reason: string, status: number) {
    super(`Cloudinary refuses CLOUDINARY_URL: ${reason}.`, status);
    this.name = 'CloudinaryAccessError';
  }
}

const WRONG_CREDENTIALS: [RegExp, string][] = [
  [/^Invalid Signature|api_secret mismatch/i, 'the API secret is wrong'],
  [/api[_ ]key/i, 'it does not know the API key'],
  [/cloud_name/i, 'it does not know the cloud'],
];

/** How the SDK begins to say that it could not read the body of an answer. */
const NO_JSON = 'Server return invalid JSON response';

/**
 * What a rejection of the SDK means: an object of one of five shapes, with the secret in some. Only status, code and, for a picture that is
 * refused, Cloudinary's own sentence are taken from it.
 */
export function faultOf(thrown: unknown): Error {
  const { http_code: status, message = '', code } = shown(thrown);
  if (status === 420 || status === 429) return new StorageBusyError('Cloudinary asks to slow down.', retryAt(message));
  // Of a proxy in between, or spoilt on the way: nothing that Cloudinary has said of the picture or the key.
  if (message.startsWith(NO_JSON))
    return new CloudinaryFault(`Cloudinary’s answer, a ${status}, was cut short or is no JSON.${hintFor(status)}`);
  if (status === 401 || status === 403) return new CloudinaryAccessError(reasonOf(message), status);
  if (status === 400 || status === 413) return refusal(message, status);
  if (status === 499 || status === undefined) return new CloudinaryFault(`Cloudinary cannot be reached: ${code ?? 'no answer'}.`);
  return new CloudinaryFault(`Cloudinary answered ${status}.${hintFor(status)}`, status);
}

function hintFor(status: number | undefined): string {
  return status === 404 ? ' Is the upload_prefix of CLOUDINARY_URL right?' : '';
}

interface Shown {
  http_code?: number;
  message?: string;
  code?: string;
}

/** The uploader wraps network errors, the Admin API all of them. */
function shown(thrown: unknown): Shown {
  const { error, ...rest } = thrown as Shown & { error?: Shown };
  return error ?? { ...rest, message: (thrown as Error).message, code: (thrown as Shown).code };
}

function reasonOf(message: string): string {
  return WRONG_CREDENTIALS.find(([pattern]) => pattern.test(message))?.[1] ?? 'the key has no right to do this';
}

/** Cloudinary's own words, without what might be long or an address. */
function sentence(message: string, status: number): string {
  return status === 413 || message === '' ? 'it is too large.' : message.split(/ https?:/)[0].slice(0, 200);
}

function refusal(message: string, status: number): Error {
  if (!message.startsWith('Stale request')) return new StorageRejectedError(`Cloudinary refuses the request: ${sentence(message, status)}`);
  return new CloudinaryFault('Cloudinary refuses the request as too old: is the clock of this machine right?', status);
}

/** From "Limit of 500 api operations reached. Try again on 2024-10-04 14:00:00 UTC". */
function retryAt(message: string): Date | null {
  const [, day, time] = /Try again on (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(message) ?? [];
  return day ? new Date(`${day}T${time}Z`) : null;
}
