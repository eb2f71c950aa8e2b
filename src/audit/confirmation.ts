import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ImageStatus } from '../batch/image-status.js';
import { StorageRejectedError, StoredAsset } from '../upload/asset-storage.js';
import { Content, DuplicateFinding, NameFinding, NameKind } from './finding.js';
import { Patience, PatientStorage } from './patient-storage.js';
import { Suspect } from './suspects.js';

type LedgerRow = Content & { status: ImageStatus };

/** Asks storage and ledger once more, so that what happened during the walk is no false alarm. */
@Injectable()
export class Confirmation {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly storage: PatientStorage,
  ) {}

  /** The suspect as it is now, or null when all is well. Storage is asked first: an image's hashes are in the ledger before its bytes are in storage. */
  async of(suspect: Suspect, patience: Patience): Promise<NameFinding | null> {
    const found = await this.stat(suspect.publicId, patience);
    const { recent: _, ...asSeen } = suspect;
    if (found === undefined) return { ...asSeen, confirmed: false };
    const row = await this.row(suspect.publicId);
    const kind = kindNow(suspect, found, row);
    if (kind === null) return null;
    const image = suspect.image && row && { ...suspect.image, status: row.status };
    return { ...asSeen, image, kind, ledger: row && contentOf(row), storage: found && contentOf(found), confirmed: true };
  }

  /** The names that still have these bytes, or null when fewer than two have. */
  async ofDuplicate(suspect: Omit<DuplicateFinding, 'confirmed'>, patience: Patience): Promise<DuplicateFinding | null> {
    const have: string[] = [];
    let confirmed = true;
    for (const publicId of suspect.publicIds) {
      const known = (await this.row(publicId))?.md5 === suspect.md5;
      const found = known ? suspect : await this.stat(publicId, patience);
      if (found === undefined) confirmed = false;
      if (found === undefined || found?.md5 === suspect.md5) have.push(publicId);
    }
    const gone = suspect.publicIds.length - have.length;
    return have.length < 2 ? null : { ...suspect, names: suspect.names - gone, publicIds: have, confirmed };
  }

  /** Undefined when storage does not answer for such a name. */
  private async stat(publicId: string, patience: Patience): Promise<StoredAsset | null | undefined> {
    try {
      return await this.storage.stat(publicId, patience);
    } catch (error) {
      if (error instanceof StorageRejectedError) return undefined;
      throw error;
    }
  }

  private async row(publicId: string): Promise<LedgerRow | null> {
    const [row]: LedgerRow[] = await this.dataSource.query('SELECT status, md5, bytes FROM image WHERE public_id = $1', [publicId]);
    return row ?? null;
  }
}

/** An image that was not UPLOADED when the suspicion arose may have become so after storage was asked: then nothing is known to be missing. */
function kindNow({ image }: Suspect, found: StoredAsset | null, row: LedgerRow | null): NameKind | null {
  if (found === null) return image?.status === ImageStatus.UPLOADED ? 'missing' : null;
  if (row === null) return 'unknown';
  if (row.md5 === found.md5 && row.bytes === found.bytes) return null;
  return row.status === ImageStatus.UPLOADED ? 'different' : 'taken';
}

function contentOf({ md5, bytes }: Content): Content {
  return { md5, bytes };
}
