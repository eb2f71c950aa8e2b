import type { v2 as Sdk } from 'cloudinary';
import { setMaxListeners } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { CloudinaryAccount } from '../../../config/cloudinary-account.js';
import { CloudinaryFault, faultOf } from './cloudinary-fault.js';
import { watch } from './watched-agent.js';

/** What Cloudinary says of an asset; nothing in it is certain before it was looked at. */
export interface CloudinaryAnswer {
  public_id?: unknown;
  etag?: unknown;
  bytes?: unknown;
  format?: unknown;
  resource_type?: unknown;
  type?: unknown;
  secure_url?: unknown;
  /** True when it was there before this upload, which then changed nothing. */
  existing?: unknown;
}

export interface CloudinaryPage {
  resources?: CloudinaryAnswer[];
  next_cursor?: string;
}

type Settle = (error: unknown, answer?: unknown) => void;

/** A connection without a byte for so long is closed by the SDK. Milliseconds. */
const SILENCE = 30_000;
const PAGE_SIZE = 500;
/** What a list is asked to tell besides public id and type; not every account may get hashes this way. */
const FIELDS = 'etag,bytes,format,secure_url';

/**
 * The four requests that we make of one Cloudinary account, through its SDK. None can overwrite, rename or delete. Each ends by `deadline`
 * (milliseconds) or with the signal, and throws what `faultOf` makes of the SDK's errors, or the signal's reason.
 */
export class CloudinaryClient {
  private readonly sockets: HttpAgent;

  private constructor(
    private readonly sdk: typeof Sdk,
    private readonly account: CloudinaryAccount,
    private readonly deadline: number,
    maxSockets: number,
  ) {
    const Agent = account.apiOrigin.startsWith('http:') ? HttpAgent : HttpsAgent;
    this.sockets = new Agent({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets, timeout: SILENCE });
  }

  /** The SDK reads the environment when it is loaded: later than our settings, and what it found there is forgotten. */
  static async open(account: CloudinaryAccount, deadline: number, maxSockets: number): Promise<CloudinaryClient> {
    const { v2: sdk } = await import('cloudinary');
    const found: Record<string, unknown> = sdk.config();
    for (const name of Object.keys(found)) delete found[name];
    sdk.config({ hide_sensitive: true });
    return new CloudinaryClient(sdk, account, deadline, maxSockets);
  }

  /** Stores bytes under a name that is free; one that is taken stays as it is, and the answer tells what is there. */
  upload(publicId: string, bytes: Buffer, signal: AbortSignal): Promise<CloudinaryAnswer> {
    return this.ask<CloudinaryAnswer>(signal, (agent, settle) => {
      const kind = { resource_type: 'image', type: 'upload', overwrite: false, use_filename: false, unique_filename: false } as const;
      const options = { ...this.access(agent), ...kind, public_id: publicId };
      this.sdk.uploader.upload_stream(options, settle).on('error', settle).end(bytes);
    });
  }

  /** What is stored under a name, hash included; a 404 fault when nothing is. The Upload API does not count such requests, the Admin API would. */
  explicit(publicId: string, signal: AbortSignal): Promise<CloudinaryAnswer> {
    return this.ask<CloudinaryAnswer>(signal, (agent, settle) => {
      const options = { ...this.access(agent), resource_type: 'image', type: 'upload' } as const;
      this.sdk.uploader.explicit(publicId, options).then((answer) => settle(undefined, answer), settle);
    });
  }

  /** Up to 500 assets whose public id begins with `prefix`, in order of public id. */
  page(prefix: string, cursor: string | null, signal: AbortSignal): Promise<CloudinaryPage> {
    return this.ask<CloudinaryPage>(signal, (agent, settle) => {
      const where = {
        resource_type: 'image',
        type: 'upload',
        prefix,
        max_results: PAGE_SIZE,
        fields: FIELDS,
        next_cursor: cursor ?? undefined,
      };
      this.sdk.api.resources({ ...this.access(agent), ...where }).then((answer: unknown) => settle(undefined, answer), settle);
    });
  }

  /** Resolves when the account takes our credentials. */
  async ping(signal: AbortSignal): Promise<void> {
    await this.ask(signal, (agent, settle) => {
      this.sdk.api.ping(this.access(agent)).then((answer: unknown) => settle(undefined, answer), settle);
    });
  }

  /** Closes every connection. */
  close(): void {
    this.sockets.destroy();
  }

  private access(agent: HttpAgent) {
    const { cloudName, apiKey, apiSecret, apiOrigin } = this.account;
    return { cloud_name: cloudName, api_key: apiKey, api_secret: apiSecret, upload_prefix: apiOrigin, agent, timeout: SILENCE };
  }

  /** Nothing is left behind that would hold the picture: neither a timer nor a listener. */
  private async ask<Answer>(signal: AbortSignal, send: (agent: HttpAgent, settle: Settle) => void): Promise<Answer> {
    signal.throwIfAborted();
    // All uploads listen to the one signal of the process.
    setMaxListeners(0, signal);
    const { agent, release } = watch(this.sockets);
    const limit = new AbortController();
    const stop = () => limit.abort(signal.reason);
    const timer = setTimeout(
      () => limit.abort(new CloudinaryFault(`Cloudinary did not answer within ${this.deadline} ms.`)),
      this.deadline,
    );
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise<Answer>((resolve, reject) => {
        limit.signal.addEventListener('abort', () => reject(limit.signal.reason as Error), { once: true });
        send(agent, (error, answer) => (error ? reject(faultOf(error)) : resolve(answer as Answer)));
      });
    } catch (error) {
      limit.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      release();
    }
  }
}
