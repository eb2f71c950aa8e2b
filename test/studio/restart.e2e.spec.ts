import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ChildService } from '../pipeline/child-service.js';
import { createDatabase, type TestDatabase } from '../service/test-service.js';
import { describeInBrowser, openBrowser, openPage } from './browser.js';

const EVENTS = 'query ($id: ID!) { batch(id: $id) { lastEvent images { sha256 } } }';

describeInBrowser('a server that dies in the middle', () => {
  let database: TestDatabase;
  let dataDir: string;
  let service: ChildService;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [database, dataDir, browser] = await Promise.all([createDatabase(), mkdtemp(join(tmpdir(), 'filmroll-restart-')), openBrowser()]);
    page = await openPage(browser, { viewport: { width: 390, height: 844 } });
  });

  afterAll(async () => {
    await browser?.close();
    await service?.kill();
    await database?.drop();
    await rm(dataDir, { recursive: true });
  });

  const start = (port = '0') => {
    return ChildService.start({ DATABASE_URL: database.url, DATA_DIR: dataDir, DEMO_TIME: '700ms', LOG_LEVEL: 'log', PORT: port });
  };

  it('is waited for, and nothing of its batch is lost or shown twice', async () => {
    service = await start();
    const { port } = new URL(service.api.url);
    const received = eventNumbers(page);
    await page.goto(service.api.url);
    await page.getByLabel('Another count').fill('6');
    await page.getByRole('button', { name: 'Generate 6' }).click();
    const frames = (status: string) => page.locator(`.frame[data-status=${status}]`);
    await frames('UPLOADED').nth(1).waitFor();

    const bar = () => page.locator('.top-bar').evaluate((element) => element.clientHeight);
    const height = await bar();

    await service.kill();
    await page.getByText('reconnecting…').waitFor();
    expect(await bar()).toBe(height);
    await page.getByText(/^last known/).waitFor();
    expect(await page.locator('.frame').count()).toBe(6);

    await page.getByRole('button', { name: 'New batch' }).click();
    await page.getByRole('button', { name: 'Generate 6' }).click();
    await page.getByText('Try again when it is back: nothing is made twice.').waitFor();
    await page.getByRole('link', { name: 'Gallery' }).click();
    await page.getByText('This comes by itself when it is back.').waitFor();

    service = await start(port);
    await page.locator('.cell').nth(5).waitFor();
    await page.getByRole('link', { name: 'Studio', exact: true }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText(/^last known/).waitFor({ state: 'detached' });
    await frames('UPLOADED').nth(5).waitFor();
    const id = await page.locator('.sheet').getAttribute('data-batch');
    const { batch } = await service.api.ask(EVENTS, { id });

    expect(new Set(batch.images.map(({ sha256 }: { sha256: string }) => sha256)).size).toBe(6);
    expect(received).toEqual(Array.from(received, (_number, at) => received[0] + at));
    expect(received.at(-1)).toBe(batch.lastEvent);
  });
});

/** The numbers of the events that the page gets, in order, over all of its sockets. */
function eventNumbers(page: Page): number[] {
  const numbers: number[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const number = JSON.parse(payload.toString()).payload?.data?.imageStatusChanged?.number;
      if (number) numbers.push(number);
    }),
  );
  return numbers;
}
