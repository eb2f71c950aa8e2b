import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { SAFE_BIGINT } from '../database/column-types.js';
import { StorageWalk } from './storage-walk.entity.js';

/** What storage held under one public id when its page was read. */
@Entity('walked_asset')
export class WalkedAsset {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'walked_asset_pkey' })
  @ForeignKey(() => StorageWalk, { name: 'walked_asset_walk_fkey', onDelete: 'CASCADE' })
  walkId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'walked_asset_pkey' })
  publicId: string;

  @Column(SAFE_BIGINT)
  bytes: number;

  @Column('text')
  md5: string;
}
