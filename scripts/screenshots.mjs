import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { startDemoService } from './demo-service.mjs';

/** Makes docs/screenshots: every view of the studio, light and dark, wide and on a phone, and a batch that fills as a moving picture. */

const FOLDER = 'docs/screenshots';
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const MOVING = { width: 1120, height: 700, shownWidth: 800, every: 200 };

const service = await startDemoService({ DEMO_TIME: '1500ms' });
const executablePath = [chromium.executablePath(), '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await takeAll('first-visit', { '/': (page) => page.locator('.first-visit') });
  const { batch, image } = await fill();
  await takeAll('', {
    '/gallery': (page) => page.locator('.cell img').nth(11),
    '/characters': (page) => page.locator('.character').first(),
    [`/batch/${batch}`]: (page) => page.locator('.picture[data-shown=true]').nth(3),
    [`/image/${image}`]: (page) => page.locator('.story'),
  });
  await takeRunning();
  await takeMoving();
} finally {
  await browser.close();
  await service.stop();
}

/** What there is to see: three characters, their batches, and a picture that is there twice. */
async function fill() {
  const save = 'mutation ($input: SaveCharacterInput!) { saveCharacter(input: $input) { id } }';
  const luna = { embedding: 'luna_v3', promptPrefix: 'watercolour, soft light', negativePrompt: 'blurry, text' };
  await service.ask(save, { input: { username: 'ada', name: 'luna', ...luna } });
  await service.ask(save, { input: { username: 'grace', name: 'nova', promptPrefix: 'ink drawing' } });
  await generate({ username: 'grace', character: 'nova', prompt: 'in a city by night, snow', count: 8 });
  await generate({ character: 'marlow', prompt: 'on a mountain path, autumn', count: 4 });
  await generate({ prompt: 'same again', count: 1, seed: 7 });
  await generate({ prompt: 'same again', count: 1, seed: 7 });
  const { id, images } = await generate({ prompt: 'at the lighthouse, dusk', count: 8 });
  return { batch: id, image: images[1].id };
}

/** Resolves when the batch has ended. */
async function generate(input) {
  const defaults = { username: 'ada', character: 'luna' };
  const made = await service.ask('mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { batch { id images { id } } } }', {
    input: { ...defaults, ...input },
  });
  const { batch } = made.generateBatch;
  for (;;) {
    const { batch: now } = await service.ask('query ($id: ID!) { batch(id: $id) { finishedAt } }', { id: batch.id });
    if (now.finishedAt) return batch;
    await sleep(250);
  }
}

/** Each address once what is named there is to be seen, in both themes and sizes. */
async function takeAll(name, views) {
  for (const [path, ready] of Object.entries(views)) {
    for (const theme of ['dark', 'light']) {
      const page = await open(SIZES.wide, theme);
      await page.goto(service.url + path);
      await ready(page).waitFor();
      await takeSizes(page, `${name || path.split('/')[1]}-${theme}`);
      await page.close();
    }
  }
}

/** The studio and the backends while a batch is being made, each time a new one. */
async function takeRunning() {
  for (const theme of ['dark', 'light']) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const page = await open(viewport, theme);
      await page.goto(service.url);
      await page.getByLabel('Another count').fill('8');
      await page.getByRole('button', { name: 'Generate 8' }).click();
      await page.locator('.side-by-side .frame[data-status=UPLOADED]').nth(2).waitFor();
      await page.locator('.side-by-side .frame[data-status=GENERATING] .preview').first().waitFor();
      await take(page, `studio-${theme}-${size}`);
      await page.goto(`${service.url}/backends`);
      await page.locator('.backend').waitFor();
      await take(page, `backends-${theme}-${size}`);
      await page.close();
    }
  }
}

async function takeSizes(page, name) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await take(page, `${name}-${size}`);
  }
}

async function take(page, name) {
  await page.evaluate(() =>
    Promise.all(
      [...document.images]
        .filter((image) => image.getBoundingClientRect().top < innerHeight)
        .map((image) => image.decode().catch(() => undefined)),
    ),
  );
  await sleep(400);
  await keep(`${name}.png`, sharp(await page.screenshot()).png({ palette: true, colours: 128, dither: 0.6, effort: 10 }));
}

/** A batch of eight from the click to the last picture. */
async function takeMoving() {
  const page = await open({ width: MOVING.width, height: MOVING.height }, 'dark');
  await page.goto(service.url);
  await page.getByLabel('Prompt', { exact: true }).fill('in the harbour at dawn');
  await page.getByLabel('Another count').fill('8');
  const shots = [await page.screenshot()];
  await page.getByRole('button', { name: 'Generate 8' }).click();
  for (let isRunning = true; isRunning;) {
    await sleep(MOVING.every);
    isRunning = (await page.locator('.side-by-side .sheet[data-status=COMPLETED]').count()) === 0;
    shots.push(await page.screenshot());
  }
  const frames = await Promise.all(shots.map((shot) => sharp(shot).resize({ width: MOVING.shownWidth }).png().toBuffer()));
  const delay = frames.map((_frame, at) => (at === 0 || at === frames.length - 1 ? 2_000 : MOVING.every));
  await keep('studio.webp', sharp(frames, { join: { animated: true } }).webp({ quality: 55, effort: 6, delay, loop: 0, mixed: true }));
}

function open(viewport, colorScheme) {
  return browser.newPage({ viewport, colorScheme, locale: 'en-GB', timezoneId: 'UTC', deviceScaleFactor: 1 });
}

async function keep(name, picture) {
  const bytes = await picture.toBuffer();
  await writeFile(`${FOLDER}/${name}`, bytes);
  process.stdout.write(`${name} ${Math.round(bytes.length / 1_000)} kB\n`);
}
