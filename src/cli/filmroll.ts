#!/usr/bin/env node
import 'reflect-metadata';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { addAdopt } from './commands/adopt.js';
import { addAudit } from './commands/audit.js';
import { addDemo } from './commands/demo.js';
import { addGenerate } from './commands/generate.js';
import { addMigrate } from './commands/migrate.js';
import { addStart } from './commands/start.js';
import { addWatch } from './commands/watch.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

const program = new Command('filmroll')
  .description('Batches of character pictures: none lost, overwritten or duplicated, and provably so.')
  .version(version)
  .addHelpText('after', '\nSettings are environment variables, or lines of a .env file in the working folder; .env.example lists them all.')
  .showHelpAfterError('(--help says how)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

for (const add of [addStart, addDemo, addGenerate, addWatch, addAudit, addAdopt, addMigrate]) add(program);

await program.parseAsync();
