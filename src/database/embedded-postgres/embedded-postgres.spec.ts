import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { EmbeddedPostgres } from './embedded-postgres.js';

Logger.overrideLogger(false);

const scratch = join(tmpdir(), `filmroll-embedded-${process.pid}`);
const dataDir = join(scratch, 'data');
const cluster = join(dataDir, 'postgres', 'data');
const children: ChildProcess[] = [];
const started: EmbeddedPostgres[] = [];

// Under root PostgreSQL runs as somebody else, who must be able to pass.
beforeAll(() => {
  mkdirSync(scratch);
  chmodSync(scratch, 0o711);
});

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
});

afterAll(async () => {
  if (existsSync(join(cluster, 'postmaster.pid'))) await (await start()).stop();
  rmSync(scratch, { recursive: true });
});

async function start(folder = dataDir): Promise<EmbeddedPostgres> {
  const postgres = await EmbeddedPostgres.start(folder);
  started.push(postgres);
  return postgres;
}

async function ask(url: string, sql: string): Promise<string> {
  const client = new Client(url);
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows.map((row) => row.join()).join('\n');
  } finally {
    await client.end();
  }
}

/** Another Filmroll: a process that starts the database of `folder` and lives on until it is killed or we end. */
function startProcess(folder: string, options: { durable?: boolean } = {}): ChildProcess {
  const module = new URL('../../../dist/database/embedded-postgres/embedded-postgres.js', import.meta.url).href;
  const script = `
    const { EmbeddedPostgres } = await import(${JSON.stringify(module)});
    const { Logger } = await import('@nestjs/common');
    Logger.overrideLogger(false);
    await EmbeddedPostgres.start(${JSON.stringify(folder)}, ${JSON.stringify(options)}).then(
      ({ url }) => console.log(url),
      (error) => console.log(error.name + ': ' + error.message),
    );
    process.stdin.resume().once('end', () => process.exit());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

/** What it says once its start has ended: the address or the error. */
async function outcome(child: ChildProcess): Promise<string> {
  const [line] = await once(createInterface({ input: child.stdout! }), 'line');
  return line;
}

/** Kills it and what runs in its process group, which the server does not. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  process.kill(-child.pid!, 'SIGKILL');
  await exit;
}

function postmasterPid(): number {
  return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

test('two first starts at once: one holds the cluster, the other is refused, nothing half-made stays', async () => {
  const outcomes = await Promise.all([1, 2].map(() => outcome(startProcess(dataDir, { durable: false }))));
  outcomes.sort();
  expect(outcomes[0]).toBe(
    `DataDirectoryError: ${dataDir} is in use by another running Filmroll; stop it or set DATA_DIR to another folder`,
  );
  expect(await ask(outcomes[1], 'SELECT current_database()')).toBe('filmroll');
  expect(readdirSync(dataDir).toSorted()).toEqual(['postgres', 'postgres.log']);
});

test('text is UTF-8 compared by code point, and only 127.0.0.1 with the password gets in', async () => {
  const { url } = await start();
  expect(await ask(url, `SELECT current_setting('server_encoding'), lower('ÀÉ露'), 'Z' < 'a'`)).toBe('UTF8,àé露,true');
  expect(await ask(url, `SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')`)).toBe('127.0.0.1,');
  const { port } = new URL(url);
  await expect(ask(`postgres://filmroll:wrong@127.0.0.1:${port}/filmroll`, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  expect(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777).toBe(0o600);
});

test('data stays over stop and start; after stop nobody answers, and stopping again is harmless', async () => {
  const first = await start();
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await Promise.all([first.stop(), first.stop()]);
  await expect(ask(first.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  const second = await start();
  expect(await ask(second.url, 'SELECT answer FROM kept')).toBe('42');
});

test('a second start is refused and leaves the first alone, in this process and in another', async () => {
  const { url } = await start();
  const refusals = await Promise.all([start().catch((error) => `${error.name}: ${error.message}`), outcome(startProcess(dataDir))]);
  for (const refusal of refusals) expect(refusal).toMatch(/^DataDirectoryError: .* is in use by another running Filmroll/);
  expect(await ask(url, 'SELECT answer FROM kept')).toBe('42');
});

test('adopts the running server of a process that was killed', async () => {
  const child = startProcess(dataDir);
  const url = await outcome(child);
  const pid = postmasterPid();
  await kill(child);
  const adopter = await start();
  expect([adopter.url, postmasterPid()]).toEqual([url, pid]);
  await adopter.stop();
  await expect(ask(url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
});

test('recovers when server and process were both killed', async () => {
  const child = startProcess(dataDir);
  await ask(await outcome(child), 'CREATE TABLE recovered AS SELECT 43 AS answer');
  await kill(child);
  process.kill(postmasterPid(), 'SIGKILL');
  expect(await ask((await start()).url, 'SELECT answer FROM recovered')).toBe('43');
});

test('a server that is killed under us comes back at the same address, still held', async () => {
  const { url } = await start();
  const watcher = new Client(url);
  watcher.on('error', () => undefined);
  const cut = new Promise<void>((resolve) => watcher.once('end', resolve));
  await watcher.connect();
  process.kill(postmasterPid(), 'SIGKILL');
  await cut;
  expect(await retry(() => ask(url, 'SELECT answer FROM kept'))).toBe('42');
  expect(await outcome(startProcess(dataDir))).toMatch(/is in use by another running Filmroll/);
});

/** Until it succeeds; the test's own deadline ends it. */
async function retry<T>(attempt: () => Promise<T>): Promise<T> {
  return attempt().catch(() => retry(attempt));
}

test('a postmaster.pid left by a crash is no obstacle, even when its pid lives again as another program', async () => {
  await (await start()).stop();
  const { uid, gid } = statSync(cluster);
  const program = spawn('sleep', ['60'], { uid, gid, detached: true });
  children.push(program);
  const lines = [program.pid, cluster, 1, 1, '', '127.0.0.1', '1 1', 'ready   ', ''];
  writeFileSync(join(cluster, 'postmaster.pid'), lines.join('\n'), { mode: 0o600 });
  chownSync(join(cluster, 'postmaster.pid'), uid, gid);
  expect(await ask((await start()).url, 'SELECT 1')).toBe('1');
});

test('a first start that was killed in the middle of initdb is no obstacle and leaves nothing', async () => {
  const fresh = join(scratch, 'fresh');
  const child = startProcess(fresh, { durable: false });
  const half = () => existsSync(fresh) && readdirSync(fresh).some((name) => existsSync(join(fresh, name, 'data', 'PG_VERSION')));
  while (!half()) await new Promise(setImmediate);
  await kill(child);
  expect(existsSync(join(fresh, 'postgres'))).toBe(false);
  expect(await ask((await start(fresh)).url, 'SELECT 1')).toBe('1');
  expect(readdirSync(fresh).toSorted()).toEqual(['postgres', 'postgres.log']);
});

test('a database of another version is refused with the reason that PostgreSQL gives', async () => {
  const file = join(cluster, 'PG_VERSION');
  const version = readFileSync(file);
  writeFileSync(file, '9\n');
  await expect(start()).rejects.toThrow(
    /^The database in .* cannot be started: database files are incompatible with server \(The data directory was/,
  );
  writeFileSync(file, version);
});

if (process.geteuid?.() === 0) {
  test("keeps root's database where PostgreSQL can reach it when the data directory is private", async () => {
    const home = join(scratch, 'home');
    mkdirSync(home, { mode: 0o700 });
    const postgres = await start(join(home, 'data'));
    const standIn = dirname(readlinkSync(join(home, 'data', 'postgres')));
    expect(await ask(postgres.url, 'CREATE TABLE kept AS SELECT 1')).toBe('');
    await postgres.stop();
    const again = await start(join(home, 'data'));
    expect(await ask(again.url, 'SELECT count(*) FROM kept')).toBe('1');
    await again.stop();
    rmSync(standIn, { recursive: true });
  });
}
