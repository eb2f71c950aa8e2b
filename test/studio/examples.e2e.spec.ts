import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { ChildService } from '../pipeline/child-service.js';
import { createDatabase, type TestDatabase } from '../service/test-service.js';
import { describeInBrowser, openBrowser, openPage } from './browser.js';

const SERVE = join(__dirname, '../../examples/serve.mjs');

describeInBrowser('examples/live.html', () => {
  let database: TestDatabase;
  let dataDir: string;
  let service: ChildService;
  let site: ChildProcess;
  let browser: Browser;

  beforeAll(async () => {
    [database, dataDir, browser] = await Promise.all([createDatabase(), mkdtemp(join(tmpdir(), 'filmroll-example-')), openBrowser()]);
    service = await start();
    const env = { PATH: process.env.PATH, FILMROLL_URL: service.api.url, PORT: '0' };
    site = spawn(process.execPath, [SERVE], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  });

  afterAll(async () => {
    site?.kill();
    await browser?.close();
    await service?.kill();
    await database?.drop();
    await rm(dataDir, { recursive: true });
  });

  const start = (port = '0') => {
    return ChildService.start({ DATABASE_URL: database.url, DATA_DIR: dataDir, DEMO_TIME: '500ms', PORT: port });
  };

  it('shows a batch being made, though the service is killed and started again', async () => {
    const [line] = (await once(site.stdout!, 'data')) as [Buffer];
    const page = await openPage(browser);
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    await page.goto(/http:\S+/.exec(line.toString())![0]);
    await page.getByLabel('Count').fill('6');
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByRole('img').first().waitFor();

    await service.kill();
    service = await start(new URL(service.api.url).port);
    await page.getByText('ended', { exact: true }).waitFor();
    const numbers = await page.locator('#events li').evaluateAll((entries) => entries.map((entry) => (entry as HTMLLIElement).value));
    // One that was on its way when the service was killed comes after all.
    await page.waitForFunction(() => [...document.images].filter((image) => image.naturalWidth === 512).length === 6);

    expect(numbers).toEqual(Array.from(numbers, (_number, at) => at + 1));
    expect(faults).toEqual([]);
  });
});
