import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { readFile, writeFile } from 'node:fs/promises';
import { BackendsResolver } from '../backends/backends.resolver.js';
import { BatchResolver } from '../batch/batch.resolver.js';
import { ImageEventResolver } from '../batch/image-event.resolver.js';
import { ImageResolver } from '../batch/image.resolver.js';
import { CharactersResolver } from '../characters/characters.resolver.js';
import { GenerationResolver } from '../generation/generation.resolver.js';
import { SeriesResolver } from '../indexing/series.resolver.js';

const FILE = 'schema.graphql';
const HEADER = '# The public API. Written by `npm run schema`; change the code, not this file.\n\n';
const RESOLVERS = [
  BackendsResolver,
  BatchResolver,
  CharactersResolver,
  GenerationResolver,
  ImageEventResolver,
  ImageResolver,
  SeriesResolver,
];

/** The schema as the service serves it, made from the classes alone: neither database nor service is needed. */
async function schemaText(): Promise<string> {
  const builder = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: ['error'] });
  const schema = await builder.get(GraphQLSchemaFactory).create(RESOLVERS);
  await builder.close();
  return `${HEADER}${printSchema(lexicographicSortSchema(schema))}\n`;
}

async function check(text: string): Promise<void> {
  if ((await readFile(FILE, 'utf8').catch(() => '')) === text) return;
  console.error(`${FILE} is not what the code says. Run \`npm run schema\` and commit it.`);
  process.exitCode = 1;
}

/** Writes schema.graphql into the working folder; with --check it only compares, and ends with 1 when they differ. */
const text = await schemaText();
await (process.argv.includes('--check') ? check(text) : writeFile(FILE, text));
