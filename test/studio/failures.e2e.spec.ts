import { setImmediate } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { FakeComfyUI } from '../comfyui/fake-comfyui.js';
import { startTestService, type TestService } from '../service/test-service.js';
import { describeInBrowser, openBrowser, openPage, PAGES } from './browser.js';

describeInBrowser('a failing image', () => {
  let comfyui: FakeComfyUI;
  let service: TestService;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    comfyui = await FakeComfyUI.start({ pictureMs: 20 });
    const settings = { COMFYUI_URLS: `${comfyui.url}#left`, RETRY_FOR: '1s' };
    [service, browser] = await Promise.all([startTestService(settings, PAGES), openBrowser()]);
    for (let isHealthy = false; !isHealthy; await setImmediate()) {
      isHealthy = (await service.api.ask('{ backends { healthy } }')).backends[0]?.healthy ?? false;
    }
    page = await openPage(browser);
    await page.goto(service.url);
  });

  afterAll(async () => {
    await browser?.close();
    await service?.close();
    await comfyui?.kill();
  });

  it('says why, and is made under the same number when it is retried', async () => {
    comfyui.faults.outOfMemory.always();
    await page.getByLabel('Another count').fill('3');
    await page.getByRole('button', { name: 'Generate 3' }).click();
    const frames = (status: string) => page.locator(`.frame[data-status=${status}]`);
    await frames('FAILED').nth(2).waitFor();
    expect(await page.locator('.failure a').first().innerText()).toMatch(/memory/i);
    expect(await page.locator('.sheet-facts').innerText()).toMatch('failed');

    comfyui.faults.outOfMemory.never();
    await page.getByRole('button', { name: 'Retry anyway frame 2' }).click();
    await page.locator('.frame[data-index="2"][data-status=UPLOADED]').waitFor();
    expect(await frames('FAILED').count()).toBe(2);
    await page.getByRole('button', { name: 'Retry 2 failed' }).click();
    await frames('UPLOADED').nth(2).waitFor();
    expect(await page.locator('.frame .number').allInnerTexts()).toEqual(['1', '2', '3']);
  });

  it('shows what a server had to say that is away', async () => {
    comfyui.faults.proxyErrors.always();
    await page.goto(`${service.url}/backends`);
    await page.locator('.backend[data-healthy=false]').waitFor();
    expect(await page.locator('.backend .wrong').innerText()).not.toBe('');
  });
});
