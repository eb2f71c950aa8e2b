import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../dist/database/embedded-postgres/embedded-postgres.js';

const NAME = /^filmroll-test-(\d+)$/;

/** Jest's globalSetup: starts one throw-away PostgreSQL for the whole run and puts its address into TEST_DATABASE_URL. */
export default async function setUp() {
  await sweep();
  const folder = join(tmpdir(), `filmroll-test-${process.pid}`);
  mkdirSync(folder);
  // Under root PostgreSQL runs as somebody else, who must be able to pass whatever the umask.
  chmodSync(folder, 0o711);
  const postgres = await EmbeddedPostgres.start(folder, { durable: false });
  process.env.TEST_DATABASE_URL = postgres.url;
  globalThis.testDatabase = { postgres, folder };
}

/** Ends and removes what runs left behind that were killed. */
async function sweep() {
  for (const name of readdirSync(tmpdir())) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    // Another run may be sweeping the same one, or it is another user's: theirs to remove.
    await remove(join(tmpdir(), name)).catch(() => undefined);
  }
}

async function remove(folder) {
  if (existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'))) {
    const orphan = await EmbeddedPostgres.start(folder, { durable: false });
    await orphan.stop();
  }
  rmSync(folder, { recursive: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
