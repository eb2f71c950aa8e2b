import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ChildService } from '../test/pipeline/child-service.js';
import { createDatabase, type TestDatabase } from '../test/service/test-service.js';
import { describeInBrowser, openBrowser } from '../test/studio/browser.js';

const VISITS = 5;
const IMAGES = 24;

jest.setTimeout(120_000);

interface Change {
  index: number;
  status: string;
  at: number;
}

/** How long a person waits for the studio: until it is of use, and from an event's commit until its frame has changed. */
describeInBrowser('the studio, timed', () => {
  it('is of use soon, and shows each event soon after its commit', async () => {
    const database = await createDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'filmroll-bench-'));
    const service = await ChildService.start({ DATABASE_URL: database.url, DATA_DIR: dataDir, DEMO_TIME: '300ms' });
    const { api } = service;
    const browser = await openBrowser();
    await api.ended(await api.generate({ count: 8 }));

    const [fresh, open]: [Visit[], Visit[]] = [[], []];
    for (let visit = 0; visit < VISITS; visit++) {
      const page = await browser.newPage();
      fresh.push(await visitOf(page, api.url));
      await leave(page);
      open.push(await visitOf(page, api.url));
      await page.close();
    }

    const page = await browser.newPage();
    await page.goto(api.url);
    await page.locator('.frame').first().waitFor();
    await page.evaluate(noteChanges);
    await page.getByLabel('Another count').fill(String(IMAGES));
    await page.getByRole('button', { name: `Generate ${IMAGES}` }).click();
    const sheet = page.locator(`.sheet:has([data-index="${8 + IMAGES}"])`);
    await sheet
      .locator('.frame[data-status=UPLOADED]')
      .nth(IMAGES - 1)
      .waitFor();
    const id = await sheet.getAttribute('data-batch');
    const lags = await lagsOf(database, id, await page.evaluate(() => Reflect.get(globalThis, 'changes') as Change[]));
    process.stdout.write(
      [
        `first visits in a window of their own:${toldOf(fresh)}`,
        `in an open window that has nothing cached:${toldOf(open)}`,
        `from commit to frame, ${lags.length} events: ${told(lags)}\n`,
      ].join('\n'),
    );
    expect(lags.length).toBeGreaterThan(IMAGES);
    await browser.close();
    await service.interrupt();
    await database.drop();
    await rm(dataDir, { recursive: true });
  });
});

/** Milliseconds from the address until each can be seen: the form, the frames of a batch, a picture in one. */
interface Visit {
  form: number;
  frames: number;
  picture: number;
}

async function visitOf(page: Page, url: string): Promise<Visit> {
  const start = performance.now();
  const seen = async (selector: string) => {
    await page.locator(selector).first().waitFor();
    return performance.now() - start;
  };
  await page.goto(url);
  // A sheet that is still being loaded has frames too, but no batch.
  const sights = ['.generate textarea', '.sheet[data-batch] .frame', '.frame img[data-shown=true]'];
  const [form, frames, picture] = await Promise.all(sights.map(seen));
  return { form, frames, picture };
}

/** In the page: notes when each frame that comes is first seen in each state. */
function noteChanges(): void {
  const [changes, seen] = [[] as object[], new Set<string>()];
  Reflect.set(globalThis, 'changes', changes);
  const document = Reflect.get(globalThis, 'document');
  new (Reflect.get(globalThis, 'MutationObserver'))(() => {
    for (const { dataset } of document.querySelectorAll('.sheet[aria-label^=luna] .frame')) {
      const key = `${dataset.index} ${dataset.status}`;
      if (seen.has(key)) continue;
      seen.add(key);
      changes.push({ index: Number(dataset.index), status: dataset.status, at: Date.now() });
    }
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}

/** Milliseconds from each event to its frame. States that were over before the page could show them are left out, and the queued ones, which the answer brings. */
async function lagsOf(database: TestDatabase, batchId: string | null, changes: Change[]): Promise<number[]> {
  const events = await database.query<{ index: number; status: string; at: Date }>(
    `SELECT index, status, at FROM image_event WHERE batch_id = $1 AND status <> 'QUEUED'`,
    [batchId],
  );
  return events.flatMap(({ index, status, at }) => {
    const shown = changes.find((change) => change.index === index && change.status === status && change.at >= at.getTime());
    return shown ? [shown.at - at.getTime()] : [];
  });
}

/** Away from the studio, with nothing of it kept. */
async function leave(page: Page): Promise<void> {
  await page.goto('about:blank');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.clearBrowserCache');
  await devtools.detach();
}

function toldOf(visits: Visit[]): string {
  const part = (name: keyof Visit) => `\n  ${name}: ${told(visits.map((visit) => visit[name]))}`;
  return [part('form'), part('frames'), part('picture')].join('');
}

function told(lengths: number[]): string {
  const sorted = lengths.toSorted((a, b) => a - b);
  const at = (part: number) => `${Math.round(sorted[Math.floor((sorted.length - 1) * part)])} ms`;
  return `median ${at(0.5)}, nine in ten ${at(0.9)}, longest ${at(1)}`;
}
