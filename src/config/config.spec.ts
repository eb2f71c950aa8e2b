import { Config, ConfigError, readConfig } from './config.js';

function faults(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
}

describe('readConfig', () => {
  it('keeps every default, also for variables that are empty', () => {
    expect(readConfig({})).toEqual(new Config());
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(new Config());
  });

  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['0ms', 0],
  ])('reads the duration %s', (text, milliseconds) => {
    expect(readConfig({ RETRY_FOR: text }).RETRY_FOR).toBe(milliseconds);
  });

  it.each([['5'], ['-1s'], ['1.5s'], ['ms'], ['1d'], ['25h'], ['1h 5m'], [' '], ['0'], ['Infinity']])(
    'refuses the duration %j',
    (RETRY_FOR) => {
      expect(faults({ RETRY_FOR })).toEqual(['RETRY_FOR must be a duration of at most 24h, such as 500ms, 90s, 5m or 1h']);
    },
  );

  it('reports every fault at once, each naming its variable and none its value', () => {
    const env = { PORT: 'abc', DEMO_TIME: '5', DATABASE_URL: 'mysql://root:secret@x', JWT_SECRET: 'too short', ALLOW_ANONYMOUS: 'yes' };
    const found = faults(env);
    expect(found.map((fault) => fault.split(' ')[0]).toSorted()).toEqual(Object.keys(env).toSorted());
    expect(found.join()).not.toMatch(/abc|secret@|too short/);
  });

  it('says all that in one message for people, a fault a line', () => {
    expect(() => readConfig({ PORT: 'x', HOST: '0.0.0.0' })).toThrow(
      /^Filmroll cannot start with these settings:\n  - PORT must be [^\n]+\n  - HOST is not a loopback address[^\n]+$/,
    );
  });

  it.each(Object.keys(new Config()).filter((name) => /URL|SECRET|HEADERS/.test(name)))('keeps what is in a wrong %s to itself', (name) => {
    const found = faults({ [name]: 'x://me:pa55@here', PORT: 'x' });
    expect(found.join()).not.toMatch(/pa55|here/);
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${name} `)));
  });

  it.each([
    ['PUBLIC_URL', 'ftp://x', 'PUBLIC_URL must be an http:// or https:// address'],
    ['PUBLIC_URL', 'https://x.example/below', 'PUBLIC_URL must be the root of a host, with nothing behind it'],
    ['JWKS_URL', 'x', 'JWKS_URL must be an http:// or https:// address'],
    ['JWT_SECRET', 'x', 'JWT_SECRET must have at least 32 characters'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be error, warn, log, debug or verbose'],
  ])('says of a wrong %s what it should be', (name, value, fault) => {
    expect(faults({ [name]: value })).toEqual([fault]);
  });

  it('leaves alone what is no setting of its own', () => {
    expect(readConfig({ PATH: '/bin', constructor: 'x', authenticated: 'true' } as NodeJS.ProcessEnv)).toEqual(new Config());
  });

  it.each([['1.5'], ['-1'], ['65536'], ['1e3'], ['0x50'], [' '], ['80 ']])('refuses PORT=%s', (PORT) => {
    expect(faults({ PORT })).toEqual(['PORT must be a whole number from 0 to 65535']);
  });

  it.each([['v1'], ['a/v2/b'], ['/a'], ['a/'], ['A'], ['a b'], ['x'.repeat(61)]])('refuses PUBLIC_ID_PREFIX=%s', (PUBLIC_ID_PREFIX) => {
    expect(faults({ PUBLIC_ID_PREFIX })).toHaveLength(1);
  });

  it('listens beyond loopback only when callers prove who they are or anybody is welcome', () => {
    expect(faults({ HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/^HOST .*JWT_SECRET.*ALLOW_ANONYMOUS=true$/)]);
    expect(faults({ HOST: '0.0.0.0', ALLOW_ANONYMOUS: 'true' })).toEqual([]);
    expect(faults({ HOST: '0.0.0.0', JWT_SECRET: 'x'.repeat(32) })).toEqual([]);
    expect(faults({ HOST: '::1' })).toEqual([]);
  });

  it('shares the work out to several processes only on a database that several can use', () => {
    for (const ROLE of ['api', 'worker']) {
      expect(faults({ ROLE })).toEqual([expect.stringMatching(/^DATABASE_URL is missing: the embedded database serves one process/)]);
      expect(faults({ ROLE, DATABASE_URL: 'postgres://db/filmroll' })).toEqual([]);
    }
    expect(faults({ ROLE: 'both' })).toEqual(['ROLE must be all, api or worker']);
  });

  it('lets a worker listen anywhere, for it serves only its health and metrics', () => {
    const beyond = { HOST: '0.0.0.0', DATABASE_URL: 'postgres://db/filmroll' };
    expect(faults({ ...beyond, ROLE: 'worker' })).toEqual([]);
    expect(faults({ ...beyond, ROLE: 'api' })).toEqual([expect.stringMatching(/^HOST /)]);
  });

  it('reads the ComfyUI servers from a list', () => {
    expect(readConfig({ COMFYUI_URLS: 'http://a:8188, http://b:8188#left,' }).COMFYUI_URLS).toEqual([
      'http://a:8188',
      'http://b:8188#left',
    ]);
    expect(faults({ COMFYUI_URLS: 'a:8188' })).toHaveLength(1);
  });

  it('reads the headers for ComfyUI from a JSON object', () => {
    expect(readConfig({ COMFYUI_HEADERS: '{"X-Api-Key":"k","X-Empty":""}' }).COMFYUI_HEADERS).toEqual({ 'X-Api-Key': 'k', 'X-Empty': '' });
  });

  it.each([
    ['{'],
    ['"x"'],
    ['5'],
    ['null'],
    ['["x"]'],
    ['{"x":5}'],
    ['{"x":null}'],
    ['{"x":"y","z":["y"]}'],
    ['{"x":{"y":"z"}}'],
    ['{"X Y":"z"}'],
    ['{"x":"→"}'],
  ])('refuses COMFYUI_HEADERS=%s', (COMFYUI_HEADERS) => {
    expect(faults({ COMFYUI_HEADERS })).toEqual(['COMFYUI_HEADERS must be a JSON object of HTTP headers, such as {"X-Api-Key":"secret"}']);
  });

  it.each(['KEEP_PROMPT_METADATA', 'ALLOW_ANONYMOUS'] as const)('reads %s from true or false, and nothing else', (flag) => {
    expect([readConfig({ [flag]: 'true' })[flag], readConfig({ [flag]: 'false' })[flag]]).toEqual([true, false]);
    for (const text of ['yes', '1', 'TRUE', ' true', 'constructor'])
      expect(faults({ [flag]: text })).toEqual([`${flag} must be true or false`]);
  });
});
