import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, codeOf, page, pages, targetsOf } from './markdown.js';

const all = pages();
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** Why a link of `file` leads nowhere, or null. */
function faultOf(file: string, target: string): string | null {
  if (/^https?:/.test(target)) return null;
  const [path, anchor] = target.split('#');
  const found = path === '' ? file : normalize(join(dirname(file), path));
  if (!existsSync(found)) return `${target}: there is no ${found}`;
  if (anchor === undefined) return null;
  return found.endsWith('.md') && anchorsOf(page(found)).includes(anchor) ? null : `${target}: ${found} has no such heading`;
}

describe.each(all)('$file', (read) => {
  const { file } = read;

  it('leads only to files and headings that are there', () => {
    expect(targetsOf(read).flatMap((target) => faultOf(file, target) ?? [])).toEqual([]);
  });

  it('has no heading twice within a section, so that each has an address', () => {
    const anchors = anchorsOf(read);
    // Keep a Changelog has "Added" under every version.
    const twice = anchors.filter((anchor, at) => anchors.indexOf(anchor) < at);
    expect(file === 'CHANGELOG.md' ? [] : twice).toEqual([]);
  });

  it('names only files, scripts and commands that there are', () => {
    const named = codeOf(read);
    const files = named.filter((code) => /^(src|test|docs|chaos|lint|bench|scripts|examples)\/[\w./-]+$/.test(code));
    const npm = named
      .flatMap((code) => /^npm (?:run )?([\w:]+)/.exec(code)?.[1] ?? [])
      .filter((name) => name !== 'ci' && name !== 'install');
    const commands = named.flatMap((code) => /^(?:npx )?filmroll (\w+)/.exec(code)?.[1] ?? []);

    expect(files.filter((path) => !existsSync(path))).toEqual([]);
    expect(npm.filter((name) => !(name in scripts))).toEqual([]);
    expect(commands.filter((name) => !existsSync(`src/cli/commands/${name}.ts`))).toEqual([]);
  });
});

it('is found from the README, each page of it', () => {
  const reached = new Set(['README.md']);
  for (const file of reached) {
    const onward = targetsOf(page(file)).map((target) => normalize(join(dirname(file), target.split('#')[0])));
    for (const path of onward) if (path.endsWith('.md') && existsSync(path) && statSync(path).isFile()) reached.add(path);
  }
  expect([...reached].toSorted()).toEqual(all.map(({ file }) => file).toSorted());
});
