import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Browser, Locator, Page } from 'playwright-core';
import { readConfig } from '../../src/config/config.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { StudioModule } from '../../src/studio/studio.module.js';
import { describeInBrowser, expectNothingOutside, openBrowser, openPage, PAGES, type PageRecord, recordOf } from './browser.js';

/** As much of the API as the first two examples need. */
const typeDefs = `
  scalar JSON
  enum ImageStatus { QUEUED UPLOADED } enum BatchStatus { QUEUED RUNNING COMPLETED } enum Stage { GENERATION UPLOAD }
  type ImageError { stage: Stage! code: String! message: String! retryable: Boolean! }
  type BatchCounts { queued: Int! generating: Int! generated: Int! uploading: Int! uploaded: Int! failed: Int! cancelled: Int! }
  type Batch { id: ID! status: BatchStatus! counts: BatchCounts! images: [Image!]! }
  type Image { batch: Batch! position: Int! index: Int! publicId: String! status: ImageStatus! }
  type ImageEvent {
    number: Int! position: Int! index: Int! status: ImageStatus! batchStatus: BatchStatus! url: String error: ImageError image: Image!
  }
  input GenerateBatchInput {
    username: String character: String! prompt: String! count: Int! = 4 width: Int! = 512 height: Int! = 512 parameters: JSON
  }
  type GenerateBatchPayload { batch: Batch! } type Query { batch(id: ID!): Batch }
  type Mutation { generateBatch(input: GenerateBatchInput!): GenerateBatchPayload! }
  type Subscription { imageStatusChanged(batchId: ID!, after: Int! = 0): ImageEvent! }
`;

const images = [1, 2, 3, 4].map((position) => ({ position, index: 40 + position, publicId: `luna-${40 + position}`, status: 'QUEUED' }));
const counts = { queued: 3, generating: 0, generated: 0, uploading: 0, uploaded: 1, failed: 0, cancelled: 0 };
const batch = { id: 'batch-7', status: 'QUEUED', counts, images };

/** What the stand-in was asked for, and the bell for its second event. */
const seen: { input?: unknown; followed?: string; authorization?: string; connectionParams?: unknown } = {};
const live = new EventEmitter();

const resolvers = {
  Mutation: {
    generateBatch(_root: unknown, { input }: { input: unknown }, { req }: { req: IncomingMessage }) {
      Object.assign(seen, { input, authorization: req.headers.authorization });
      return { batch };
    },
  },
  Subscription: {
    imageStatusChanged: {
      async *subscribe(_root: unknown, { batchId }: { batchId: string }) {
        seen.followed = batchId;
        const second = once(live, 'uploaded');
        yield uploaded(1);
        await second;
        yield uploaded(2);
      },
    },
  },
};

function uploaded(number: number) {
  const image = { ...images[number - 1], batch };
  return {
    imageStatusChanged: { ...image, number, image, status: 'UPLOADED', batchStatus: 'RUNNING', url: `/assets/luna-${40 + number}.png` },
  };
}

@Module({
  imports: [
    ConfigModule.forRoot(readConfig({})),
    StudioModule.forRoot(PAGES),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      typeDefs,
      resolvers,
      graphiql: false,
      subscriptions: { 'graphql-ws': { onConnect: ({ connectionParams }) => void Object.assign(seen, { connectionParams }) } },
    }),
  ],
})
class StandInModule {}

describeInBrowser('GraphiQL', () => {
  let app: INestApplication;
  let origin: string;
  let browser: Browser;
  let page: Page;
  let record: PageRecord;

  beforeAll(async () => {
    app = await NestFactory.create(StandInModule, { logger: ['error'] });
    await app.listen(0, '127.0.0.1');
    origin = await app.getUrl();
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  beforeEach(async () => {
    page = await openPage(browser);
    record = recordOf(page);
    await page.goto(`${origin}/graphql`);
    await page.locator('.graphiql-query-editor').getByText('generateBatch', { exact: true }).waitFor();
  });

  afterEach(async () => {
    await page.close();
    expectNothingOutside(record, origin);
  });

  it('opens with examples to start from', async () => {
    expect(await page.title()).toBe('Filmroll');
    expect(page.url()).toBe(`${origin}/graphql`);
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Generate', 'Follow', 'Progress', 'Batches', 'Images', 'Series']);
  });

  it('generates a batch of four with one click and follows it live', async () => {
    await run();
    await answer('"luna-44"');
    expect(seen.input).toMatchObject({ username: 'ada', character: 'luna', count: 4 });

    await openTab('Follow');
    await run();
    await answer('"/assets/luna-41.png"');
    expect(seen.followed).toBe('batch-7');

    live.emit('uploaded');
    await answer('"/assets/luna-42.png"');
  });

  it('sends what is under Headers over HTTP and as connection params, in the next tab too', async () => {
    await page.locator('button[data-name="headers"]').click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)').click();
    await page.keyboard.insertText('{"Authorization": "Bearer abc"}');
    await run();
    await answer('"luna-44"');
    expect(seen.authorization).toBe('Bearer abc');

    await openTab('Follow');
    await run();
    await answer('"/assets/luna-41.png"');
    expect(seen.connectionParams).toMatchObject({ Authorization: 'Bearer abc' });
  });

  it('checks operations and variables against the schema while they are typed', async () => {
    const operation = page.locator('.graphiql-query-editor');
    await operation.getByText('publicId').click();
    expect(await faultComesAndGoes(operation)).toBe(true);

    const variables = page.locator('.graphiql-editor-tool');
    await variables.getByText('"character"').click();
    expect(await faultComesAndGoes(variables)).toBe(true);
  });

  it('turns dark with the system', async () => {
    await expect(page.locator('.monaco-editor.vs').first().waitFor()).resolves.toBeUndefined();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('.monaco-editor.vs-dark').first().waitFor()).resolves.toBeUndefined();
  });

  it('shows the answer below the question on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const [question, result] = await Promise.all(['.graphiql-editors', '.graphiql-response'].map(boxOf));
    expect(result.y).toBeGreaterThanOrEqual(question.y + question.height);
    expect(Math.min(question.width, result.width)).toBeGreaterThan(280);
  });

  const run = () => page.locator('.graphiql-execute-button').click();
  const answer = (text: string) => page.locator('.result-window').getByText(text).waitFor();

  async function boxOf(selector: string) {
    return (await page.locator(selector).boundingBox())!;
  }

  async function openTab(title: string) {
    await page.getByRole('tab', { name: title }).getByRole('button', { name: title }).first().click();
    // What is to run, GraphiQL works out a tenth of a second after it has come into the editor; then it stores it.
    await page.waitForFunction((text) => Reflect.get(globalThis, 'localStorage').getItem('graphiql:query')?.includes(text), ` ${title}(`);
  }

  async function faultComesAndGoes(editor: Locator) {
    const fault = editor.locator('.squiggly-error').first();
    await page.keyboard.insertText('Nonsense');
    await fault.waitFor({ state: 'attached' });
    await page.keyboard.press('ControlOrMeta+z');
    await fault.waitFor({ state: 'detached' });
    return true;
  }
});
