import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const places = [chromium.executablePath(), '/usr/bin/chromium', '/usr/bin/google-chrome'];
const browserPath = places.find((path) => existsSync(path));
if (!browserPath && process.env.CI) throw new Error('No Chromium found. Install it, on Debian with `apt-get install chromium`.');

/** The built pages. */
export const PAGES = resolve('dist/studio/page');
if (!existsSync(PAGES)) throw new Error('The pages have not been built. Run `npm run build`.');

/** A suite that needs a browser: without one it is skipped, and says so. */
export function describeInBrowser(name: string, suite: () => void): void {
  if (browserPath) describe(`${name} in a browser`, suite);
  else describe.skip(`${name} in a browser (skipped: no Chromium on this machine)`, suite);
}

/** Headless Chromium that finds no name but this machine's own. */
export function openBrowser(): Promise<Browser> {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const args = ['--no-sandbox', '--disable-gpu', ...quiet, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  return chromium.launch({ executablePath: browserPath, args });
}

/** A page of its own, whose waits end late: other work may keep the processors busy. */
export async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(120_000);
  return page;
}

/** What a page has asked for, and what it or the browser has complained about. */
export interface PageRecord {
  requests: string[];
  complaints: string[];
}

export function recordOf(page: Page): PageRecord {
  const record: PageRecord = { requests: [], complaints: [] };
  page.on('request', (request) => record.requests.push(request.url()));
  page.on('websocket', (socket) => record.requests.push(socket.url().replace(/^ws/, 'http')));
  page.on('requestfailed', (request) => {
    // A page that is left lets go of what it was still asking for.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') record.complaints.push(`${request.url()} failed`);
  });
  page.on('pageerror', (error) => record.complaints.push(error.message));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && record.complaints.push(message.text()));
  return record;
}

/** Nothing was asked of any other origin (data: is none), and nobody has complained. */
export function expectNothingOutside({ requests, complaints }: PageRecord, origin: string): void {
  const outside = requests.filter((url) => !url.startsWith('data:') && new URL(url).origin !== origin);
  expect({ outside, complaints }).toEqual({ outside: [], complaints: [] });
}
