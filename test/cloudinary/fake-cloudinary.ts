import { once, setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AdminLimit } from './admin-limit.js';
import { AssetStore } from './asset-store.js';
import { type Faults, newFaults } from './faults.js';
import { httpApp } from './http-app.js';
import type { Account, Settings } from './inside.js';
import { pictureContent } from './picture-content.js';
import { type RequestRecord, ServiceLog, type UploadRecord } from './service-log.js';
import type { Asset } from './shelf.js';

export interface FakeCloudinaryOptions extends Partial<Settings> {
  account?: Account;
  /** Any free one when left out; kept while the service is away. */
  port?: number;
  /** How many calls of the Admin API in how many milliseconds; 500 an hour when left out. */
  adminLimit?: { calls: number; windowMs: number };
  /** The service's clock, in milliseconds since 1970. */
  now?: () => number;
  /** Seeds the choices of the faults. */
  seed?: number;
}

/** A Cloudinary that keeps pictures in memory and misbehaves on demand: upload, explicit, lists, delivery. HTTP, loopback only. */
export class FakeCloudinary {
  readonly account: Account;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly log = new ServiceLog();
  private readonly store: AssetStore;
  private readonly life = new AbortController();
  private readonly server: Server;
  private port: number;

  static async start(options: FakeCloudinaryOptions = {}): Promise<FakeCloudinary> {
    const fake = new FakeCloudinary(options);
    await fake.comeBack();
    return fake;
  }

  private constructor(options: FakeCloudinaryOptions) {
    const { account, port = 0, adminLimit, now = Date.now, seed = 1, ...settings } = options;
    this.account = account ?? { cloud: 'filmroll', key: '482915673048216', secret: 'Zk3-qT9_secretOfTheFake' };
    this.port = port;
    this.settings = { ...usual, ...settings };
    this.faults = newFaults(seed);
    this.store = new AssetStore(now);
    const { calls, windowMs } = adminLimit ?? { calls: 500, windowMs: 3_600_000 };
    const { log, store, faults, life } = this;
    setMaxListeners(0, life.signal);
    const own = { account: this.account, settings: this.settings, limit: new AdminLimit(calls, windowMs, now), origin: () => this.url };
    this.server = createServer(httpApp({ ...own, store, faults, log, now, life: life.signal, doomed: new WeakSet() }));
    this.server.keepAliveTimeout = 75_000;
  }

  /** For `upload_prefix`. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** For CLOUDINARY_URL. */
  get cloudinaryUrl(): string {
    const { cloud, key, secret } = this.account;
    return `cloudinary://${key}:${secret}@${cloud}?upload_prefix=${this.url}`;
  }

  /** Images of type upload, by public id. */
  get assets(): ReadonlyMap<string, Asset> {
    return this.store.images.assets;
  }

  /** What was stored as anything but an image of type upload. */
  get strays(): Asset[] {
    return this.store.strays;
  }

  /** How often an upload put other bytes in the place of an asset. */
  get overwrites(): number {
    return this.store.overwrites;
  }

  /** How often an upload put the very same bytes in the place of an asset. */
  get rewrites(): number {
    return this.store.rewrites;
  }

  get requests(): RequestRecord[] {
    return this.log.requests;
  }

  get uploads(): UploadRecord[] {
    return this.log.uploads;
  }

  /** Most uploads that were open at the same time. */
  get maxConcurrent(): number {
    return this.log.maxConcurrent;
  }

  /** Somebody else stores a picture, whatever was there; not counted as an overwrite. */
  async put(publicId: string, bytes: Buffer): Promise<Asset> {
    return this.store.images.put(publicId, await pictureContent(bytes, 'somebody')).asset;
  }

  /** Somebody else puts another picture in the place of one that is there. */
  async replace(publicId: string, bytes: Buffer): Promise<Asset> {
    if (!this.assets.has(publicId)) throw new Error(`nothing is stored as ${publicId}`);
    return this.put(publicId, bytes);
  }

  /** Somebody deletes it; false when nothing was there. */
  delete(publicId: string): boolean {
    return this.store.images.delete(publicId);
  }

  /** Every connection breaks off, new ones are refused. What was read to its end is still done. */
  async goAway(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  /** On the same port, with everything that was stored. */
  async comeBack(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** For good; whatever was still to come late never does. */
  async close(): Promise<void> {
    this.life.abort(new Error('the service was closed'));
    if (this.server.listening) await this.goAway();
  }
}

const usual: Settings = {
  maxImageBytes: 10_485_760,
  atomic: true,
  listEtags: 'asked',
  defaultPreset: false,
  concurrencyLimit: Infinity,
  lateMs: 500,
  trickleMs: 20,
};
