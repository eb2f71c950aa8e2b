// A process of its own that stores pictures: `node local-disk.child.mjs <data folder> [<file system call at which it is killed>]`.
// It says "ready", stores each picture that it is sent, and answers with the outcome.
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { register, syncBuiltinESMExports } from 'node:module';

const [dataFolder, fatalCall] = process.argv.slice(2);
if (fatalCall) {
  fs[fatalCall] = (path, bytes) => {
    if (fatalCall === 'writeFile') writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    process.kill(process.pid, 'SIGKILL');
  };
  syncBuiltinESMExports();
}
register('./typescript.loader.mjs', import.meta.url);
const { Config } = await import('../../src/config/config.ts');
const { LocalDiskStorage } = await import('../../src/upload/storages/local-disk.storage.ts');
const storage = new LocalDiskStorage(Object.assign(new Config(), { DATA_DIR: dataFolder }));

process.on('message', async ({ publicId, base64, hashes }) => {
  const outcome = await storage.create(publicId, Buffer.from(base64, 'base64'), hashes, new AbortController().signal).then(
    () => 'stored',
    (error) => error.name,
  );
  process.send({ publicId, outcome });
});
process.send('ready');
