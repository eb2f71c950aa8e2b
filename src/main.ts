import 'reflect-metadata';
import { runUntilSignal } from './app/run.js';
import { pageDirBeside, startService } from './app/start.js';
import { Config, readConfig } from './config/config.js';
import { loadEnvFile } from './config/env-file.js';

await runUntilSignal(
  async () => {
    loadEnvFile();
    return startService(readConfig(process.env), pageDirBeside(import.meta.filename));
  },
  ({ url, app }) => {
    const there = app.get(Config).serves
      ? `the studio; the API is at ${url}/graphql`
      : 'a worker: only its health and metrics are told there';
    console.log(`Filmroll is ready at ${url} (${there}). Press Ctrl-C to stop.`);
  },
);
