import { rmSync } from 'node:fs';

/** Jest's globalTeardown: stops the PostgreSQL of this run and removes all of it. */
export default async function tearDown() {
  const { postgres, folder } = globalThis.testDatabase;
  await postgres.stop();
  rmSync(folder, { recursive: true });
}
