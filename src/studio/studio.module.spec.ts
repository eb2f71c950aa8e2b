import { All, Controller, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { readConfig } from '../config/config.js';
import { ConfigModule } from '../config/config.module.js';
import { StudioModule } from './studio.module.js';

const FROM_BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** Stands where the API stands. */
@Controller()
class Api {
  @All('graphql')
  answer() {
    return 'the API';
  }
}

describe('StudioModule', () => {
  let pageDir: string;
  let app: INestApplication;
  let origin: string;

  beforeAll(async () => {
    // A folder below one that begins with a dot must do too: people keep programs in ~/.local.
    pageDir = join(await mkdtemp(join(tmpdir(), 'filmroll-studio-')), '.local', 'page');
    await mkdir(join(pageDir, 'assets'), { recursive: true });
    await writeFile(join(pageDir, 'graphiql.html'), '<title>Filmroll</title>');
    await writeFile(join(pageDir, 'studio.html'), '<title>The studio</title>');
    await writeFile(join(pageDir, 'assets', 'app-1a2b.js'), 'export {};');
    await writeFile(join(pageDir, 'assets', 'big-5e6f.js'), 'export {}; // big');
    await writeFile(join(pageDir, 'assets', 'big-5e6f.js.br'), brotliCompressSync('export {}; // big'));
    [app, origin] = await serve(pageDir);
  });

  afterAll(async () => {
    await app.close();
    await rm(join(pageDir, '..', '..'), { recursive: true });
  });

  it('serves GraphiQL where a browser opens the API', async () => {
    const response = await fetch(`${origin}/graphql`, { headers: FROM_BROWSER });

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<title>Filmroll</title>');
    expect(response.headers.get('content-type')).toMatch('text/html');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('vary')).toBe('Accept');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('allows the page no script but its own files, and no other origin', async () => {
    const response = await fetch(`${origin}/graphql`, { headers: FROM_BROWSER });
    const policy = response.headers.get('content-security-policy')!;

    expect(policy).toMatch("default-src 'none'");
    expect(policy).toMatch("script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });

  it.each([
    ['a POST', '/graphql', { method: 'POST', headers: FROM_BROWSER }],
    ['a GET of a query', '/graphql?query=%7B__typename%7D', { headers: FROM_BROWSER }],
    ['a GET of a persisted query', '/graphql?extensions=%7B%7D', { headers: FROM_BROWSER }],
    ['a GET for JSON', '/graphql', { headers: { Accept: 'application/json' } }],
    ['a GET for anything', '/graphql', { headers: { Accept: '*/*' } }],
  ])('leaves %s to the API', async (_what, path, init) => {
    const response = await fetch(origin + path, init);

    expect(await response.text()).toBe('the API');
    expect(response.headers.get('content-security-policy')).toBeNull();
  });

  it('serves hashed files for good', async () => {
    const response = await fetch(`${origin}/studio/assets/app-1a2b.js`);

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toMatch("default-src 'none'");
  });

  it.each(['/studio/assets/gone-3c4d.js', '/studio/assets/', '/studio/assets/..%2fgraphiql.html'])('has nothing at %s', async (path) => {
    const response = await fetch(origin + path);

    expect(response.status).toBe(404);
    expect(response.headers.get('cache-control')).toBeNull();
  });

  it.each([
    ['that takes it', 'gzip, br', 'br'],
    ['that does not', 'gzip', null],
  ])('sends a browser %s the compressed copy of a script', async (_who, encodings, encoding) => {
    const response = await fetch(`${origin}/studio/assets/big-5e6f.js`, { headers: { 'Accept-Encoding': encodings } });

    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('content-type')).toMatch('text/javascript');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await response.text()).toBe('export {}; // big');
  });

  it.each(['/', '/gallery?character=luna', '/characters', '/backends', '/batch/17', '/image/17'])(
    'serves the studio at %s',
    async (path) => {
      const response = await fetch(origin + path, { headers: FROM_BROWSER });

      expect(response.status).toBe(200);
      expect(await response.text()).toBe('<title>The studio</title>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it.each(['/nothing', '/batch', '/batch/17/more', '/gallery/17'])('has nothing at %s', async (path) => {
    expect((await fetch(origin + path, { headers: FROM_BROWSER })).status).toBe(404);
  });

  it('allows the studio pictures from storage, scripts and styles from its own files alone', async () => {
    const [public_, publicOrigin] = await serve(pageDir, { PUBLIC_URL: 'http://pictures.example:8080/' });
    const policy = (await fetch(`${publicOrigin}/`)).headers.get('content-security-policy')!;
    await public_.close();

    expect(policy).toMatch("default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; ");
    expect(policy).toMatch("img-src 'self' data: https: http://pictures.example:8080;");
  });

  it('leaves /graphql to the API where GraphiQL is turned off', async () => {
    const [off, offOrigin] = await serve(pageDir, { GRAPHIQL: 'false' });
    const response = await fetch(`${offOrigin}/graphql`, { headers: FROM_BROWSER });
    await off.close();

    expect(await response.text()).toBe('the API');
  });

  it('says what to do where the page has not been built, and no path', async () => {
    const [unbuilt, unbuiltOrigin] = await serve(join(pageDir, 'not-there'));
    const response = await fetch(`${unbuiltOrigin}/graphql`, { headers: FROM_BROWSER });
    await unbuilt.close();

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: 'GraphiQL has not been built. Run `npm run build`.' });
  });
});

async function serve(pageDir: string, settings: Record<string, string> = {}): Promise<[INestApplication, string]> {
  @Module({ imports: [ConfigModule.forRoot(readConfig(settings)), StudioModule.forRoot(pageDir)], controllers: [Api] })
  class TestModule {}

  const app = await NestFactory.create(TestModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  return [app, await app.getUrl()];
}
