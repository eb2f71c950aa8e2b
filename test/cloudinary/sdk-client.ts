import { Agent } from 'node:http';
import { v2 as cloudinary } from 'cloudinary';
import type { FakeCloudinary } from './fake-cloudinary.js';

/** How an upload of the SDK ended. */
export type Outcome = { result: any } | { error: any };

/** The official SDK against a fake, with nothing in its global configuration. */
export class SdkClient {
  readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly fake: FakeCloudinary) {}

  get options(): object {
    const { cloud, key, secret } = this.fake.account;
    return { cloud_name: cloud, api_key: key, api_secret: secret, upload_prefix: this.fake.url, agent: this.agent, timeout: 5_000 };
  }

  /** As a careful uploader does it: a Buffer, nothing overwritten. */
  create(publicId: string, bytes: Buffer, options: object = {}): Promise<Outcome> {
    return this.upload(bytes, { public_id: publicId, overwrite: false, ...options });
  }

  upload(bytes: Buffer, options: object): Promise<Outcome> {
    return new Promise((resolve) => {
      const done = (error: unknown, result: unknown) => resolve(error ? { error } : { result });
      cloudinary.uploader.upload_stream({ ...this.options, ...options }, done).end(bytes);
    });
  }

  /** `result` or `error`, as the promise of the SDK gives them. */
  uploadFile(file: string, options: object): Promise<Outcome> {
    return settled(cloudinary.uploader.upload(file, { ...this.options, ...options }));
  }

  explicit(publicId: string, options: object = {}): Promise<Outcome> {
    return settled(cloudinary.uploader.explicit(publicId, { ...this.options, type: 'upload', ...options }));
  }

  resource(publicId: string, options: object = {}): Promise<Outcome> {
    return settled(cloudinary.api.resource(publicId, { ...this.options, ...options }));
  }

  resources(options: object): Promise<Outcome> {
    return settled(cloudinary.api.resources({ ...this.options, type: 'upload', ...options }));
  }

  resourcesByIds(ids: string[]): Promise<Outcome> {
    return settled(cloudinary.api.resources_by_ids(ids, this.options));
  }

  usage(): Promise<Outcome> {
    return settled(cloudinary.api.usage(this.options));
  }

  ping(options: object = {}): Promise<Outcome> {
    return settled(cloudinary.api.ping({ ...this.options, ...options }));
  }

  close(): void {
    this.agent.destroy();
  }
}

function settled(call: Promise<unknown>): Promise<Outcome> {
  return call.then(
    (result) => ({ result }),
    (error) => ({ error }),
  );
}
