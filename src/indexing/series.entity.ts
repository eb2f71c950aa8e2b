import { Field, HideField, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { INSTANT } from '../database/column-types.js';

@ObjectType({
  description: 'One numbering: everything ever made of one character of one user. Backed by one Postgres SEQUENCE.',
})
@Entity('series')
@Unique('series_of_character', ['username', 'character'])
export class Series {
  @HideField()
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'series_pkey' })
  id: string;

  @Field()
  @Column('text')
  username: string;

  @Field()
  @Column('text')
  character: string;

  @HideField()
  @Column({ ...INSTANT, default: () => 'now()' })
  createdAt: Date;
}
