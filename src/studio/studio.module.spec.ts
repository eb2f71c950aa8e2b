import { All, Controller, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    await writeFile(join(pageDir, 'assets', 'app-1a2b.js'), 'export {};');
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

  it('leads from / to GraphiQL', async () => {
    const response = await fetch(`${origin}/`, { redirect: 'manual' });

    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/graphql');
  });

  it('says what to do where the page has not been built, and no path', async () => {
    const [unbuilt, unbuiltOrigin] = await serve(join(pageDir, 'not-there'));
    const response = await fetch(`${unbuiltOrigin}/graphql`, { headers: FROM_BROWSER });
    await unbuilt.close();

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: 'GraphiQL has not been built. Run `npm run build`.' });
  });
});

async function serve(pageDir: string): Promise<[INestApplication, string]> {
  const app = await NestFactory.create({ ...StudioModule.forRoot(pageDir), controllers: [Api] }, { logger: false });
  await app.listen(0, '127.0.0.1');
  return [app, await app.getUrl()];
}
