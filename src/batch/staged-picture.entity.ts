import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Image } from './image.entity.js';

/** The bytes of a generated picture, kept until storage has been proven to hold them. */
@Entity('staged_picture')
export class StagedPicture {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'staged_picture_pkey' })
  @ForeignKey(() => Image, { name: 'staged_picture_image_fkey' })
  imageId: string;

  @Column('bytea')
  bytes: Buffer;
}
