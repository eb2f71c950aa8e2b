import { readFileSync } from 'node:fs';
import { Config, readConfig } from '../../src/config/config.js';
import { page, rowsOf, uncoded } from './markdown.js';

const DEFAULTS = new Map([...readFileSync('.env.example', 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
/** What makes a value right that needs another one beside it. */
const BESIDE = { DATABASE_URL: 'postgres://127.0.0.1/filmroll', ALLOW_ANONYMOUS: 'true' };

const documented = rowsOf(page('docs/reference/settings.md'))
  .filter(({ heading }) => heading !== 'Of the terminal commands')
  .map(({ cells: [name, value, meaning, example] }) => ({
    name: uncoded(name),
    value: uncoded(value),
    meaning,
    example: uncoded(example),
  }));

describe('docs/reference/settings.md', () => {
  it('has every setting once and no other', () => {
    expect(documented.map(({ name }) => name).toSorted()).toEqual(Object.keys(new Config()).toSorted());
  });

  it.each(documented)('tells the default of $name', ({ name, value }) => {
    expect(value).toBe(DEFAULTS.get(name) || '–');
  });

  it.each(documented)('gives an example of $name that changes something', ({ name, example }) => {
    const setting = name as keyof Config;
    const read = readConfig({ ...BESIDE, [name]: example });
    expect(read[setting]).not.toEqual(new Config()[setting]);
  });

  it('tells the limits of every number', () => {
    for (const { name, meaning } of documented.filter(({ value }) => /^\d+$/.test(value) && value !== '3000')) {
      const [, least, most] = /(\d+) to (\d+)/.exec(meaning) ?? [];
      const reads = (value: number) => () => readConfig({ [name]: String(value) });
      expect(reads(Number(least))).not.toThrow();
      expect(reads(Number(most))).not.toThrow();
      expect(reads(Number(least) - 1)).toThrow(name);
      expect(reads(Number(most) + 1)).toThrow(name);
    }
  });

  it('tells the variables of the commands', () => {
    const source = readFileSync('src/cli/service.ts', 'utf8');
    for (const name of ['FILMROLL_URL', 'FILMROLL_TOKEN']) expect(source).toContain(name);
    const named = rowsOf(page('docs/reference/settings.md')).filter(({ heading }) => heading === 'Of the terminal commands');
    expect(named.map(({ cells: [name] }) => uncoded(name))).toEqual(['FILMROLL_URL', 'FILMROLL_TOKEN', 'NO_COLOR']);
  });
});
