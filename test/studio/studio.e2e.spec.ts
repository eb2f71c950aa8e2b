import { createHash } from 'node:crypto';
import type { Browser, Locator, Page, WebSocket } from 'playwright-core';
import { holdPictures } from '../service/held-pictures.js';
import { startTestService, type TestService } from '../service/test-service.js';
import { describeInBrowser, expectNothingOutside, openBrowser, openPage, PAGES, type PageRecord, recordOf } from './browser.js';

const PHONE = { width: 390, height: 844 };

describeInBrowser('the studio', () => {
  let service: TestService;
  let browser: Browser;
  let page: Page;
  let socket: WebSocket;
  let record: PageRecord;

  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestService({ DEMO_TIME: '800ms' }, PAGES), openBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  beforeEach(async () => {
    page = await openPage(browser);
    record = recordOf(page);
    const opened = page.waitForEvent('websocket');
    await page.goto(service.url);
    socket = await opened;
  });

  afterEach(async () => {
    await page.close();
    expectNothingOutside(record, service.url);
  });

  const framesOf = (sheet: Locator, status: string) => sheet.locator(`.frame[data-status=${status}]`);

  /** Asks for a batch with the page's own button, and resolves with its sheet. */
  async function generate(count: number): Promise<Locator> {
    const answered = page.waitForResponse((response) => response.request().postData()?.includes('StudioGenerate') ?? false);
    await page.getByLabel('Another count').fill(String(count));
    await page.getByRole('button', { name: `Generate ${count}` }).click();
    const { data } = await (await answered).json();
    return page.locator(`[data-batch="${data.generateBatch.batch.id}"]`);
  }

  it('offers a first visit one filled-in prompt and a single button', async () => {
    await page.getByRole('heading', { name: 'An empty sheet' }).waitFor();
    expect(await page.getByLabel('Prompt', { exact: true }).inputValue()).not.toBe('');
    expect(await page.locator('button.main:visible').count()).toBe(1);
  });

  it('is light: less than 150 kB of compressed script', async () => {
    const sizes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .flatMap((entry) => (entry.name.endsWith('.js') ? [(entry as PerformanceResourceTiming).encodedBodySize] : [])),
    );
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum: number, size: number) => sum + size, 0)).toBeLessThan(150_000);
  });

  it('leads to GraphiQL from the menu, where it is also said whose pictures are made', async () => {
    await page.getByRole('button', { name: 'ada' }).click();
    await page.getByRole('link', { name: 'GraphiQL' }).waitFor();
    await page.getByLabel('New batches are for').fill('grace');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'grace' }).isVisible()).toBe(true);
  });

  it('makes eight different pictures from one click, each proven and under its own number', async () => {
    await framesOf(await generate(8), 'UPLOADED')
      .nth(7)
      .waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.picture[data-shown=true]').length === 8);

    const urls = await page.locator('.picture').evaluateAll((pictures) => pictures.map((picture) => (picture as HTMLImageElement).src));
    const bytes = await Promise.all(urls.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())));
    expect(new Set(bytes.map((picture) => createHash('sha256').update(picture).digest('hex'))).size).toBe(8);
    expect(await page.locator('.frame .number').allInnerTexts()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(await page.locator('.sheet-facts').innerText()).toMatch('8 of 8');
  });

  it('shows progress and a preview that never go back, in a frame that never moves or changes its size', async () => {
    await page.setViewportSize(PHONE);
    await page.evaluate(watchFirstFrame);
    const release = holdPictures(service);
    const followed = socket.waitForEvent('framesent', ({ payload }) => payload.toString().includes('imageProgress'));
    const sheet = await generate(6);
    await followed;
    release();
    // Previews begin about a second after the page has said that it watches: later frames have them for certain.
    await framesOf(sheet, 'UPLOADED').nth(5).waitFor();
    const { states, fractions, places, previews, bare } = await page.evaluate(() => (window as any).seen as Seen);

    expect(states).toEqual(expect.arrayContaining(['QUEUED', 'GENERATING', 'UPLOADED']));
    expect(fractions.length).toBeGreaterThan(0);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(new Set(places).size).toBe(1);
    expect(previews).toBeGreaterThan(0);
    // What was there before stays beneath until the picture can be seen in full: no frame is ever empty in between.
    expect(new Set(bare)).toEqual(new Set([1]));
  });

  it('comes back to where things are after a reload in the middle', async () => {
    const release = holdPictures(service, 3);
    const sheet = await generate(6);
    await framesOf(sheet, 'UPLOADED').nth(2).waitFor();
    await page.reload();
    await framesOf(sheet, 'UPLOADED').nth(2).waitFor();
    expect(await sheet.locator('.frame').count()).toBe(6);
    expect(await sheet.getAttribute('data-status')).toBe('RUNNING');
    release();
    await framesOf(sheet, 'UPLOADED').nth(5).waitFor();
    expect(await page.locator('.link-state').innerText()).toMatch('live');
  });

  it('asks again for a picture that could not be had', async () => {
    let asked = 0;
    await page.route('**/assets/**', (route) => (++asked === 1 ? route.abort() : route.continue()));
    const sheet = await generate(1);
    await sheet.locator('.picture[data-shown=true]').waitFor();
    expect(asked).toBeGreaterThan(1);
    // The browser has told of the first time.
    record.complaints.length = 0;
  });

  it('shows several batches side by side, and cancels one of them', async () => {
    const release = holdPictures(service);
    const cancelled = await generate(5);
    await framesOf(cancelled, 'GENERATING').nth(0).waitFor();
    await page.getByLabel('Character').fill('marlow');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: /^marlow/ }).waitFor();
    await cancelled.getByRole('button', { name: 'Cancel' }).click();
    await framesOf(cancelled, 'CANCELLED').first().waitFor();
    release();
    await page
      .getByRole('region', { name: /^marlow/ })
      .locator('[data-status=UPLOADED]')
      .nth(4)
      .waitFor();

    expect(await cancelled.locator('[data-status=QUEUED], [data-status=GENERATING]').count()).toBe(0);
    expect(await cancelled.locator('.sheet-facts').innerText()).toMatch(/cancelled|partly complete/);
  });

  it('shows a batch that was made elsewhere, and whose it is where it is somebody else’s', async () => {
    for (const username of ['grace', 'ada']) await service.api.generate({ username, character: 'nova', count: 1 });
    const sheets = page.getByRole('region', { name: /^nova/ });
    await framesOf(sheets, 'UPLOADED').nth(1).waitFor();
    expect(await sheets.locator('.number').allInnerTexts()).toEqual(['1', '1']);
    expect(await sheets.locator('.owner').allInnerTexts()).toEqual(['grace']);
    expect(await sheets.filter({ hasText: 'grace' }).locator('.sheet-facts').innerText()).toMatch(/^grace\s+#1\s/);
  });

  it('marks a picture that is there twice, and leads to its twin', async () => {
    const twins = { character: 'twin', count: 1, seed: 7 };
    for (const id of [await service.api.generate(twins), await service.api.generate(twins)]) await service.api.ended(id);
    await page.getByRole('link', { name: 'same as 1' }).click();
    await page.getByRole('dialog', { name: 'twin 1' }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/image\//);
  });

  it('opens a picture with its story, turns over by keys and goes back where it came from', async () => {
    const id = await service.api.generate({ character: 'pages', count: 3 });
    await service.api.ended(id);
    await page.locator(`[data-batch="${id}"] .cover`).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Stored, and proven to be').waitFor();
    expect(await dialog.locator('.story li').count()).toBe(5);
    // No part of it lies under the scrollbar of the page.
    const [wide, free] = await dialog.evaluate((element: HTMLElement) => [element.offsetWidth, document.body.offsetWidth]);
    expect(wide).toBe(free);
    for (const [key, name] of [
      ['ArrowRight', 'pages 2'],
      ['ArrowRight', 'pages 3'],
      ['ArrowLeft', 'pages 2'],
    ]) {
      await page.keyboard.press(key);
      await page.getByRole('dialog', { name }).waitFor();
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/');
  });

  it('shows what it has of a picture that has not come yet, and never the one before', async () => {
    const held: (() => void)[] = [];
    await page.route('**/*-slow-*/*.png', (route) => new Promise<void>((done) => held.push(() => done(route.continue()))));
    const id = await service.api.generate({ character: 'slow', count: 2 });
    await service.api.ended(id);
    await page.locator(`[data-batch="${id}"] .cover`).first().click();
    const [whole, beneath] = [page.locator('.whole .picture'), page.locator('.whole .latent')];
    for (const name of ['slow 1', 'slow 2']) {
      if (name === 'slow 2') await page.keyboard.press('ArrowRight');
      await page.getByRole('dialog', { name }).waitFor();
      await beneath.waitFor();
      expect([await whole.getAttribute('alt'), await whole.getAttribute('data-shown')]).toEqual([
        expect.stringMatching(`^${name}:`),
        'false',
      ]);
    }
    for (const release of held) release();
    await beneath.waitFor({ state: 'hidden' });
    expect(await whole.getAttribute('data-shown')).toBe('true');
    await page.unroute('**/*-slow-*/*.png');
  });

  it('copies what a picture is known by', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('.cover').first().click();
    await page.getByRole('button', { name: 'Copy SHA-256' }).click();
    await page.getByText('SHA-256 copied').waitFor({ state: 'attached' });
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^[0-9a-f]{64}$/);
  });

  it('shows the first lines of a long prompt, and all of it when asked', async () => {
    const id = await service.api.generate({ character: 'long', count: 1, prompt: 'by the sea, '.repeat(100) });
    await service.api.ended(id);
    await page.locator(`[data-batch="${id}"] .cover`).click();
    const prompt = page.locator('.facts .long > span');
    const short = await prompt.evaluate((text) => text.clientHeight);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'Show less' }).waitFor();
    expect(await prompt.evaluate((text) => text.getBoundingClientRect().height)).toBeGreaterThan(short);
  });

  it('opens a batch and a picture at their addresses, and says when there is none', async () => {
    const id = await service.api.generate({ character: 'deep', count: 1 });
    await service.api.ended(id);
    const { batch } = await service.api.ask('query ($id: ID!) { batch(id: $id) { images { id } } }', { id });
    await page.goto(`${service.url}/batch/${id}`);
    await page.locator('.frame[data-status=UPLOADED]').waitFor();
    await page.goto(`${service.url}/image/${batch.images[0].id}`);
    await page.getByRole('dialog', { name: 'deep 1' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(new URL(page.url()).pathname).toBe(`/batch/${id}`);
    await page.goto(`${service.url}/batch/nothing`);
    await page.getByText('There is no such batch').waitFor();
    await page.goto(`${service.url}/image/nothing`);
    await page.getByText('There is no such picture').waitFor();
  });

  it('keeps a character, and shows what the service finds wrong beside the field', async () => {
    await page.goto(`${service.url}/characters`);
    await page.getByRole('button', { name: 'New character' }).click();
    await page.getByLabel('Name').fill('selene');
    await page.getByLabel('Embedding').fill('a/../b');
    await page.getByRole('button', { name: 'Save' }).click();
    const fault = page.locator('.field:has([aria-invalid=true])');
    await fault.waitFor();
    expect(await fault.innerText()).toMatch(/Embedding\s+It must/);
    expect(await page.locator('.fault').count()).toBe(0);
    await page.getByLabel('Embedding').fill('selene_v1');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'selene' }).waitFor();
    await page.getByRole('button', { name: 'Delete selene', exact: true }).click();
    await page.getByRole('button', { name: 'Delete selene', exact: true }).click();
    await page.getByRole('heading', { name: 'selene' }).waitFor({ state: 'detached' });
  });

  it('shows what the backends do', async () => {
    await page.goto(`${service.url}/backends`);
    await page.getByRole('heading', { name: 'demo' }).waitFor();
    expect(await page.locator('.backend').innerText()).toMatch('healthy');
  });
});

interface Seen {
  states: string[];
  fractions: number[];
  /** Size and place within the sheet. */
  places: string[];
  previews: number;
  /** How opaque the picture was each time that nothing was beneath it. */
  bare: number[];
}

/** In the page: notes each state, fraction and place that the first frame of the newest sheet goes through, and previews anywhere. */
function watchFirstFrame(): void {
  const seen: Seen = { states: [], fractions: [], places: [], previews: 0, bare: [] };
  (window as any).seen = seen;
  let index: string | undefined;
  new MutationObserver(() => {
    const frame = index
      ? document.querySelector<HTMLElement>(`.frame[data-index="${index}"]`)
      : document.querySelector<HTMLElement>('.frame[data-index][data-status=QUEUED]');
    if (!frame) return;
    index ??= frame.dataset.index;
    const { width, height, top } = frame.getBoundingClientRect();
    seen.places.push(`${width} × ${height}, ${top - frame.closest('.sheet')!.getBoundingClientRect().top} down`);
    if (seen.states.at(-1) !== frame.dataset.status) seen.states.push(frame.dataset.status!);
    const now = frame.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow');
    if (now) seen.fractions.push(Number(now));
    if (document.querySelector('.preview')) seen.previews++;
    const [picture, beneath] = [frame.querySelector('.picture'), frame.querySelector('.latent')];
    if (picture && !beneath?.checkVisibility({ visibilityProperty: true })) seen.bare.push(Number(getComputedStyle(picture).opacity));
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}
