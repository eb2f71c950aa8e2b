import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts the built service on a folder of its own; resolves with its address, `ask` for its API and `stop`. */
export async function startDemoService(settings) {
  const dataDir = await mkdtemp(join(tmpdir(), 'filmroll-screenshots-'));
  const env = { PATH: process.env.PATH, PORT: '0', DATA_DIR: dataDir, ...settings };
  const child = spawn(process.execPath, ['dist/main.js'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const ready = /ready at (http\S+)/.exec(line);
      if (ready) resolve(ready[1]);
    });
    child.once('exit', (code) => reject(new Error(`The service ended with ${code}.`)));
  });
  const stop = async () => {
    child.kill('SIGINT');
    await once(child, 'exit');
    await rm(dataDir, { recursive: true });
  };
  return { url, ask: (query, variables) => ask(url, query, variables), stop };
}

async function ask(url, query, variables = {}) {
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}
