import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../database/column-types.js';

/** One running service process; alive while `seenAt` is young by the database's clock. */
@Entity('worker_process')
export class WorkerProcess {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'worker_process_pkey' })
  id: string;

  @Column(INSTANT)
  seenAt: Date;
}
