import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { INSTANT } from '../database/column-types.js';

@ObjectType({ description: 'A subject that belongs to one user. Its embedding goes into every prompt made for it.' })
@Entity('character')
@Unique('character_of_user', ['username', 'name'])
@Index('character_newest', ['createdAt', 'id'])
export class Character {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'character_pkey' })
  id: string;

  @Field()
  @Column('text')
  username: string;

  @Field()
  @Column('text')
  name: string;

  @Field(() => String, { nullable: true, description: 'Name of a ComfyUI textual-inversion embedding, without extension.' })
  @Column('text', { nullable: true })
  embedding: string | null;

  @Field(() => String, { nullable: true, description: 'Text put in front of every prompt.' })
  @Column('text', { nullable: true })
  promptPrefix: string | null;

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  negativePrompt: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the workflow used unless the batch names another.' })
  @Column('text', { nullable: true })
  workflow: string | null;

  @Field()
  @Column({ ...INSTANT, default: () => 'now()' })
  createdAt: Date;

  @Field()
  @Column({ ...INSTANT, default: () => 'now()' })
  updatedAt: Date;
}
