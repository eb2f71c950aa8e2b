import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../database/column-types.js';

/** What one worker process last saw of one backend. */
@Entity('backend_sighting')
export class BackendSighting {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'backend_sighting_pkey' })
  name: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'backend_sighting_pkey' })
  processId: string;

  @Column('boolean')
  healthy: boolean;

  @Column('text', { nullable: true })
  version: string | null;

  /** Null when it takes any name. */
  @Column('text', { array: true, nullable: true })
  embeddings: string[] | null;

  /** File names; null when it needs none. */
  @Column('text', { array: true, nullable: true })
  checkpoints: string[] | null;

  @Column('text', { nullable: true })
  lastError: string | null;

  /** When the worker last had an answer from it. */
  @Column({ ...INSTANT, nullable: true })
  lastSeenAt: Date | null;

  /** When the worker wrote this row. */
  @Column({ ...INSTANT, default: () => 'now()' })
  reportedAt: Date;
}
