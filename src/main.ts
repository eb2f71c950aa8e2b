import 'reflect-metadata';
import { runUntilSignal } from './app/run.js';
import { pageDirBeside, startService } from './app/start.js';
import { readConfig } from './config/config.js';
import { loadEnvFile } from './config/env-file.js';

await runUntilSignal(async () => {
  loadEnvFile();
  const config = readConfig(process.env);
  const service = await startService(config, pageDirBeside(import.meta.filename));
  const there = config.serves ? `API and GraphiQL at ${service.url}/graphql` : `a worker: only its health is told there`;
  console.log(`Filmroll is ready at ${service.url} (${there}). Press Ctrl-C to stop.`);
  return service;
});
