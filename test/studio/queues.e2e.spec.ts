import type { Browser, Page } from 'playwright-core';
import { SignJWT } from 'jose';
import { startTestService, type TestService } from '../service/test-service.js';
import { describeInBrowser, expectNothingOutside, openBrowser, openPage, PAGES, recordOf } from './browser.js';

const SECRET = 'a secret of at least thirty-two characters';

describeInBrowser('the queue dashboard', () => {
  let service: TestService;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const settings = { JWT_SECRET: SECRET, DEMO_TIME: '1h', SHUTDOWN_TIMEOUT: '0ms' };
    [service, browser] = await Promise.all([startTestService(settings, PAGES), openBrowser()]);
    page = await openPage(browser);
  });

  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });

  it('asks for a token, then shows the queues and their jobs, all from here', async () => {
    const record = recordOf(page);
    const token = await new SignJWT({ sub: 'root', role: 'admin' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
    const input = { character: 'luna', prompt: 'at dusk', count: 4 };
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const query = 'mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { replayed } }';
    await fetch(`${service.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables: { input } }) });

    await page.goto(`${service.url}/queues`);
    await page.getByLabel('Token of an admin').fill(token);
    // The page that asks comes with 401, which the browser notes.
    record.complaints.splice(0);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('4 Jobs').waitFor();
    await page
      .getByRole('link', { name: /generation/ })
      .first()
      .click();
    await page.getByText('work').first().waitFor();

    expect(await page.evaluate('document.cookie')).toBe('');
    expectNothingOutside(record, service.url);
  });
});
