import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../database/column-types.js';

/** Which batch a user's idempotency key made, and from which input. */
@Entity('idempotency_key')
export class IdempotencyKey {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_key_pkey' })
  username: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_key_pkey' })
  key: string;

  /** Lower-case hex SHA-256 of the input, so that a replay with another input is seen. */
  @Column('text')
  inputHash: string;

  /** Checked at commit: the key is taken before its batch is written. */
  @Column('uuid')
  @ForeignKey('batch', { name: 'idempotency_key_batch_fkey', deferrable: 'INITIALLY DEFERRED' })
  batchId: string;

  @Column({ ...INSTANT, default: () => 'now()' })
  createdAt: Date;
}
