import 'reflect-metadata';
import { runUntilSignal } from './app/run.js';
import { pageDirBeside, startService } from './app/start.js';
import { readConfig } from './config/config.js';
import { loadEnvFile } from './config/env-file.js';

await runUntilSignal(async () => {
  loadEnvFile();
  const service = await startService(readConfig(process.env), pageDirBeside(import.meta.filename));
  console.log(`Filmroll is ready at ${service.url} (API and GraphiQL at ${service.url}/graphql). Press Ctrl-C to stop.`);
  return service;
});
