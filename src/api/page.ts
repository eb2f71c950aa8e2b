import { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { Max, Min } from 'class-validator';
import { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { BadInputError } from './errors.js';

@ObjectType()
export class PageInfo {
  @Field()
  hasNextPage: boolean;

  @Field()
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  startCursor: string | null;

  @Field(() => String, { nullable: true })
  endCursor: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20 })
  @Min(1, { message: 'must be 1…100' })
  @Max(100, { message: 'must be 1…100' })
  first: number;

  @Field(() => String, { nullable: true })
  after?: string;
}

export interface Page<Node> {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: PageInfo;
}

interface Row extends ObjectLiteral {
  id: string;
  createdAt: Date;
}

/** The connection type of `node`, as `Connection(Batch, 'Batch')` → BatchConnection. */
export function Connection<Node>(node: Type<Node>, name: string): Type<Page<Node>> {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field()
    cursor: string;

    @Field(() => node)
    node: Node;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionOf {
    @Field(() => [Edge])
    edges: Edge[];

    @Field(() => [node])
    nodes: Node[];

    @Field(() => PageInfo)
    pageInfo: PageInfo;
  }
  return ConnectionOf;
}

/** One page of `rows`, newest first by (createdAt, id); `rows` must select from one aliased table. */
export async function page<Node extends Row>(rows: SelectQueryBuilder<Node>, { first, after }: PageArgs): Promise<Page<Node>> {
  const { alias } = rows;
  if (after !== undefined && after !== null) {
    rows.andWhere(`(${alias}.createdAt, ${alias}.id) < (:createdAt, :id)`, decode(after));
  }
  const found = await rows
    .orderBy(`${alias}.createdAt`, 'DESC')
    .addOrderBy(`${alias}.id`, 'DESC')
    .limit(first + 1)
    .getMany();
  const edges = found.slice(0, first).map((node) => ({ cursor: encode(node), node }));
  const pageInfo = {
    hasNextPage: found.length > first,
    hasPreviousPage: Boolean(after),
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, nodes: edges.map(({ node }) => node), pageInfo };
}

function encode({ createdAt, id }: Row): string {
  return Buffer.from(`${createdAt.getTime()} ${id}`).toString('base64url');
}

function decode(cursor: string): { createdAt: Date; id: string } {
  const [time, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!isUuid(id) || !/^\d{1,13}$/.test(time)) {
    throw new BadInputError([{ field: 'after', message: 'must be a cursor that this list has given out' }]);
  }
  return { createdAt: new Date(Number(time)), id };
}

/** A malformed id behaves like an unknown one, so it must not reach the database, which would refuse it. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
