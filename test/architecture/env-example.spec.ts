import { readFileSync } from 'node:fs';
import { Config, readConfig } from '../../src/config/config.js';

const lines = readFileSync('.env.example', 'utf8').split('\n');
const shown = lines.flatMap((line, at) => {
  const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
  return name ? [{ name, value, explanation: lines[at - 1] }] : [];
});

describe('.env.example', () => {
  it('has every setting once and no other', () => {
    expect(shown.map(({ name }) => name).toSorted()).toEqual(Object.keys(new Config()).toSorted());
  });

  it.each(shown)('shows the default of $name', ({ name, value }) => {
    const setting = name as keyof Config;
    expect(readConfig({ [name]: value })[setting]).toEqual(new Config()[setting]);
    expect(value === '').toBe(['null', '[]', '{}'].includes(JSON.stringify(new Config()[setting])));
  });

  it.each(shown)('explains $name in the line above it', ({ explanation }) => {
    expect(explanation).toMatch(/^# \S.*\.$/);
  });
});
