import { ApolloServerErrorCode } from '@apollo/server/errors';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { EXIT } from '../../src/cli/stoppable.js';
import { page, rowsOf, uncoded } from './markdown.js';

/** Codes of Apollo that no client sees: `formatError` turns three into BAD_USER_INPUT, and no persisted query is ever looked for. */
const NEVER_SENT = ['BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_SUPPORTED', 'PERSISTED_QUERY_NOT_FOUND'];

const rows = rowsOf(page('docs/reference/errors.md'));

function documented(heading: string): string[] {
  return rows.filter((row) => row.heading === heading).map(({ cells: [code] }) => uncoded(code));
}

/** What the source gives as a `code`: values of properties of that name, and the types of parameters. */
function codesIn(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const named = ts.isPropertyAssignment(node) || ts.isParameter(node) ? node : null;
    if (named?.name.getText(source) === 'code') {
      const { initializer, ...rest } = named;
      found.push(...textsIn(initializer), ...textsIn('type' in rest ? (rest.type as ts.Node) : undefined));
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  visit(source);
  return found;
}

function textsIn(node: ts.Node | undefined): string[] {
  if (!node) return [];
  if (ts.isStringLiteral(node)) return [node.text];
  const found: string[] = [];
  ts.forEachChild(node, (child) => void found.push(...textsIn(child)));
  return found;
}

describe('docs/reference/errors.md', () => {
  it('has every code that the source or Apollo may send, and no other', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^(?!studio|cli).*(?<!\.spec)\.ts$/.test(file),
    );
    const apollo = Object.values(ApolloServerErrorCode).filter((code) => !NEVER_SENT.includes(code));
    const sent = new Set([...files.flatMap((file) => codesIn(`src/${file}`)), ...apollo]);
    const told = new Set([...documented('Of a request'), ...documented('Of an image')]);
    expect([...told].toSorted()).toEqual([...sent].toSorted());
  });

  it('has the codes of an image that the schema names, and no other', () => {
    const [, list] = /for programs: ([A-Z_, ]+), …/.exec(readFileSync('schema.graphql', 'utf8'))!;
    expect(documented('Of an image').toSorted()).toEqual(list.split(', ').toSorted());
  });

  it('has each code once in its list', () => {
    for (const heading of ['Of a request', 'Of an image']) expect(new Set(documented(heading)).size).toBe(documented(heading).length);
  });

  it('has the exit codes of every command', () => {
    const commands = documented('Exit codes').join(' ');
    for (const file of readdirSync('src/cli/commands')) {
      const [, name] = /\.command\('(\w+)'\)/.exec(readFileSync(`src/cli/commands/${file}`, 'utf8')) ?? [];
      if (name) expect(commands).toMatch(new RegExp(`\\bfilmroll ${name}\\b`));
    }
    expect(readFileSync('docs/reference/errors.md', 'utf8')).toContain(`| command | ${Object.values(EXIT).join(' | ')} |`);
  });
});
