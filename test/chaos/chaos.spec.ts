import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const ROOT = join(__dirname, '../..');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'filmroll-test-chaos-'));
  // As root the database runs as another user, who must be able to enter.
  await chmod(folder, 0o711);
});

afterEach(() => rm(folder, { recursive: true }));

function start(...args: string[]): ChildProcess {
  const command = ['--import', join(ROOT, 'chaos/typescript.mjs'), join(ROOT, 'chaos/main.ts'), ...args];
  return spawn(process.execPath, command, { env: { PATH: process.env.PATH, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Our files in the folder (the compiler keeps its own there), and processes that name it in their arguments or environment. */
function leftovers(): string[] {
  const pids = existsSync('/proc/self') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  const about = (pid: string) => ['cmdline', 'environ'].map((file) => readable(`/proc/${pid}/${file}`)).join('\0');
  const own = readdirSync(folder).filter((name) => name.startsWith('filmroll'));
  return [...own, ...pids.filter((pid) => about(pid).includes(folder))];
}

function readable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

it('makes 30 images although a worker and the database are killed, counts nothing wrong, and leaves nothing behind', async () => {
  const chaos = start('--images', '30', '--kills', '2', '--apis', '1', '--workers', '2', '--seed', '412', '--json');
  const [output, errors, [code]] = await Promise.all([text(chaos.stdout!), text(chaos.stderr!), once(chaos, 'exit')]);
  expect([code, errors]).toEqual([0, expect.stringContaining('seed 412')]);
  const { board } = JSON.parse(output);
  expect(board).toMatchObject({ isClean: true, accepted: 30, uploaded: 30, kills: 2 });
  expect(Object.keys(board.harms).toSorted()).toEqual(['postgres cut off', 'postgres killed', 'worker killed']);
  expect(leftovers()).toEqual([]);
});

it('ends everything that it has started at Ctrl-C', async () => {
  const chaos = start('--images', '30', '--apis', '1', '--workers', '1');
  const lines: string[] = [];
  for await (const line of createInterface(chaos.stderr!)) {
    lines.push(line);
    if (line.endsWith('api-1 is there')) chaos.kill('SIGINT');
  }
  expect(lines.at(-1)).toContain('everything that was started is gone');
  expect(leftovers()).toEqual([]);
});
