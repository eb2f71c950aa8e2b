import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The newest preview of an image that somebody watches while it is being generated. The table is unlogged: a crash may empty it. */
@Entity('preview')
export class Preview {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'preview_pkey' })
  imageId: string;

  @Column('text')
  contentType: string;

  @Column('bytea')
  bytes: Buffer;
}
