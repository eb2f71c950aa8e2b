import { createHash } from 'node:crypto';
import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { TestDatabase } from '../service/test-service.js';

interface Row {
  publicId: string;
  status: string;
  sha256: string | null;
  md5: string | null;
  generationAttempts: number;
}

/** Holds the ledger against what the fake Cloudinary really has, byte by byte. */
export class StoredTwin {
  constructor(
    private readonly database: TestDatabase,
    private readonly fake: FakeCloudinary,
  ) {}

  /** How many images of a batch are not as they must be at its end, by what is wrong with them. */
  async faultsOf(batchId: string) {
    const rows = await this.database.query<Row>(
      `SELECT public_id AS "publicId", status, sha256, md5, generation_attempts AS "generationAttempts" FROM image WHERE batch_id = $1`,
      [batchId],
    );
    const all = await this.database.query<{ publicId: string }>('SELECT public_id AS "publicId" FROM image');
    const named = new Set(all.map(({ publicId }) => publicId));
    return {
      notUploaded: rows.filter(({ status }) => status !== 'UPLOADED').length,
      notInStorage: rows.filter(({ publicId }) => !this.fake.assets.has(publicId)).length,
      otherBytes: rows.filter((row) => !this.holds(row)).length,
      otherNames: [...this.fake.assets.keys()].filter((publicId) => !named.has(publicId)).length + this.fake.strays.length,
      overwritten: this.fake.overwrites,
      madeAgain: rows.filter(({ generationAttempts }) => generationAttempts > 1).length,
    };
  }

  private holds({ publicId, sha256, md5 }: Row): boolean {
    const bytes = this.fake.assets.get(publicId)?.bytes;
    const hash = (algorithm: string) => bytes && createHash(algorithm).update(bytes).digest('hex');
    return hash('sha256') === sha256 && hash('md5') === md5;
  }
}
