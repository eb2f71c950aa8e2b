import { existsSync } from 'node:fs';

/** Adds the settings of a `.env` file in the working folder, where there is one; what the environment has already wins. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}
