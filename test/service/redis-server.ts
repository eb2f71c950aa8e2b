import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';

/** A Redis of a test's own, on one port for all its lives. */
export class RedisServer {
  private child?: ChildProcess;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'filmroll-redis-')));
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it with the data that it last saved; resolves when it takes connections. */
  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => /Ready to accept connections/.test(line) && resolve());
      child.once('error', reject).once('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)));
    });
  }

  /** Ends it at once; what it has not saved is lost. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async flush(): Promise<void> {
    await this.command((client) => client.flushall());
  }

  /** Writes its data to the disk, where the next start finds it. */
  async save(): Promise<void> {
    await this.command((client) => client.save());
  }

  /** Keeps its connections and answers nothing until `thaw`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.folder, { recursive: true });
  }

  private async command(send: (client: Redis) => Promise<unknown>): Promise<void> {
    const client = new Redis(this.url);
    await send(client);
    client.disconnect();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
