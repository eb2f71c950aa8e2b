import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { INSTANT, SAFE_BIGINT } from '../database/column-types.js';

/** One reading of storage from end to end, which may be stopped and gone on with. It is removed when it has been reported on. */
@Entity('storage_walk')
export class StorageWalk {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'storage_walk_pkey' })
  id: string;

  @Column('text', { comment: 'Which storage it reads: a walk of another one says nothing about this one.' })
  place: string;

  /** What is read: all assets whose public id begins with one of these. */
  @Column('text', { array: true })
  prefixes: string[];

  @Column('integer', { default: 0 })
  prefixesDone: number;

  @Column('text', { nullable: true, comment: 'Of the next page of the first prefix that is not done.' })
  cursor: string | null;

  /** Assets so far. */
  @Column({ ...SAFE_BIGINT, default: 0 })
  seen: number;

  @Column({ ...INSTANT, default: () => 'now()' })
  startedAt: Date;

  get isDone(): boolean {
    return this.prefixesDone === this.prefixes.length;
  }

  get hasBegun(): boolean {
    return this.prefixesDone > 0 || this.cursor !== null;
  }
}
