import axe from 'axe-core';
import { SignJWT } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { startTestService, type TestService } from '../service/test-service.js';
import { describeInBrowser, expectNothingOutside, openBrowser, openPage, PAGES, recordOf } from './browser.js';

const JWT_SECRET = 'a secret that is long enough for tests';

function tokenOf(sub: string): Promise<string> {
  return new SignJWT({ sub }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(JWT_SECRET));
}

describeInBrowser('who may come in', () => {
  let service: TestService;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestService({ JWT_SECRET, DEMO_TIME: '10ms' }, PAGES), openBrowser()]);
    page = await openPage(browser);
  });

  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  const signIn = async (token: string) => {
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  it('is asked for a token, told when it is refused, and works as its user, live too', async () => {
    await page.goto(service.url);
    await page.getByRole('dialog', { name: 'Who are you?' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await signIn('nonsense');
    await page.getByText('The token was refused').waitFor();
    await signIn(await tokenOf('grace'));
    await page.getByRole('button', { name: 'grace' }).waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Generate 4' }).click();
    await page.locator('.frame[data-status=UPLOADED]').nth(3).waitFor();
    expect(await service.database.query('SELECT DISTINCT username FROM image')).toEqual([{ username: 'grace' }]);
  });

  it('stays signed in over a reload, until the token is forgotten', async () => {
    await page.reload();
    await page.locator('.frame[data-status=UPLOADED]').nth(3).waitFor();
    await page.getByRole('button', { name: 'grace' }).click();
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByRole('dialog', { name: 'Who are you?' }).waitFor();
    expect(await page.locator('.frame[data-status=UPLOADED]').count()).toBe(0);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});

describeInBrowser('every view for everyone', () => {
  let service: TestService;
  let browser: Browser;
  let views: Record<string, string>;

  beforeAll(async () => {
    [service, browser] = await Promise.all([startTestService({ DEMO_TIME: '10ms' }, PAGES), openBrowser()]);
    const twin = { character: 'twin', count: 2, seed: 7 };
    for (const id of [await service.api.generate(twin), await service.api.generate(twin)]) await service.api.ended(id);
    const failed = await service.api.generate({ character: 'broken', count: 2 });
    await service.api.ended(failed);
    await service.database.query(
      `UPDATE image SET status = 'FAILED', url = NULL,
         error = '{"stage": "GENERATION", "code": "GENERATOR_REJECTED", "message": "Out of memory.", "retryable": true}'
       WHERE batch_id = $1 AND position = 1`,
      [failed],
    );
    await service.database.query(`UPDATE image SET status = 'CANCELLED', url = NULL WHERE batch_id = $1 AND position = 2`, [failed]);
    const save = 'mutation ($input: SaveCharacterInput!) { saveCharacter(input: $input) { id } }';
    await service.api.ask(save, { input: { username: 'ada', name: 'luna', embedding: 'luna_v3', promptPrefix: 'soft light' } });
    await service.api.ask(save, { input: { username: 'ada', name: 'W'.repeat(64) } });
    const [{ id }] = await service.database.query<{ id: string }>('SELECT id FROM image WHERE batch_id = $1 AND position = 1', [failed]);
    views = {
      studio: '/',
      gallery: '/gallery',
      characters: '/characters',
      backends: '/backends',
      batch: `/batch/${failed}`,
      picture: `/image/${id}`,
    };
  });

  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  it.each(['light', 'dark'] as const)('has nothing serious for axe to find, %s and on a phone too', async (colorScheme) => {
    const page = await openPage(browser, { colorScheme });
    const record = recordOf(page);
    for (const [name, path] of Object.entries(views)) {
      await page.goto(service.url + path);
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
      await page.locator('.sheet, .cell, .character, .backend, .story').first().waitFor();
      for (const size of [
        { width: 1280, height: 800 },
        { width: 390, height: 844 },
      ]) {
        await page.setViewportSize(size);
        expect({ name, size, faults: await seriousFaults(page) }).toEqual({ name, size, faults: [] });
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        expect(
          await page.locator('.who h2').evaluateAll((names) => names.filter((name) => name.scrollWidth > name.clientWidth).length),
        ).toBe(0);
      }
    }
    await page.close();
    expectNothingOutside(record, service.url);
  });

  it('can be used by the keyboard alone', async () => {
    const page = await openPage(browser);
    await page.goto(`${service.url}/gallery`);
    await page.locator('.cell').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch('Skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.querySelector('main')!.contains(document.activeElement))).toBe(true);
    await page.locator('.cell a').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.closest('.cell') !== null)).toBe(true);
    await page.close();
  });
});

/** What axe finds of weight; it is put into the page as the browser's own script, which no policy of the page keeps out. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (window as any).axe.run() as Promise<axe.AxeResults>);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
