import type { Browser, Page } from 'playwright-core';
import { startTestService, type TestDatabase, type TestService } from '../service/test-service.js';
import { describeInBrowser, expectNothingOutside, openBrowser, openPage, PAGES, type PageRecord, recordOf } from './browser.js';

/** The gallery with so many pictures in it, 300 at least: more than it keeps in the page. */
export function browseGallery(images: number): void {
  describeInBrowser(`a gallery of ${images.toLocaleString('en')}`, () => suite(images));
}

function suite(images: number): void {
  let service: TestService;
  let browser: Browser;
  let page: Page;
  let record: PageRecord;

  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestService({}, PAGES), openBrowser()]);
    const id = await service.api.generate({ count: 1 });
    await service.api.ended(id);
    await copyImage(service.database, images - 1);
    page = await openPage(browser);
    record = recordOf(page);
  });

  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  it('scrolls to its end without filling the page', async () => {
    await page.goto(`${service.url}/gallery`);
    await page.locator('.cell').first().waitFor();
    const nodes: number[] = [];
    for (let atEnd = false; !atEnd;) {
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      nodes.push(await page.evaluate(() => document.querySelectorAll('*').length));
      atEnd = await page.locator('.end').evaluate((end) => end.textContent!.includes('that is all'));
    }

    expect(await page.locator('.end').innerText()).toMatch(images.toLocaleString('en'));
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.locator(`.cell[aria-posinset="${images}"]`).waitFor();
    expect(Math.max(...nodes)).toBeLessThan(1_500);
    expectNothingOutside(record, service.url);
  });

  it('keeps its place while a picture is open, and turns over beyond what is on the screen', async () => {
    const place = await page.evaluate(() => scrollY);
    await page.locator('.cell a').last().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Story', { exact: true }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => scrollY)).toBe(place);
  });

  it('filters by user, character and state, in its address', async () => {
    await page.goto(`${service.url}/gallery`);
    await page.getByLabel('State').selectOption('failed');
    await page.getByText('Nothing passes these filters').waitFor();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page
      .getByRole('searchbox', { name: 'User' })
      .or(page.getByRole('combobox', { name: 'User' }))
      .fill('nobody');
    await page.getByText('Nothing passes these filters').waitFor();
    expect(new URL(page.url()).search).toBe('?user=nobody');

    await page.goto(`${service.url}/gallery?user=ada&character=luna&state=uploaded`);
    await page.locator('.cell').first().waitFor();
    expect(await page.getByLabel('State').inputValue()).toBe('UPLOADED');
  });
}

/** More rows like the one that is there, straight into the ledger: their picture is the same file. */
async function copyImage(database: TestDatabase, copies: number): Promise<void> {
  const columns = 'batch_id, series_id, username, "character", seed, status, turn, url, width, height, format, bytes, md5';
  await database.query(
    `INSERT INTO image (id, position, index, public_id, created_at, sha256, ${columns})
     SELECT gen_random_uuid(), k + 1, k + 1, 'copy/' || k, created_at + k * interval '1 ms', md5(k::text) || md5(k::text), ${columns}
     FROM image, generate_series(1, $1) AS k`,
    [copies],
  );
}
