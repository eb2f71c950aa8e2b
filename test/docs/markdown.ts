import MarkdownIt, { type Token } from 'markdown-it';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the documentation, read as Markdown. */
export interface Page {
  file: string;
  tokens: Token[];
}

/** A fenced block; `line` is that of its first line of text. */
export interface Block {
  file: string;
  line: number;
  language: string;
  text: string;
}

/** A row of a table, as it is written, with the heading that it stands under. */
export interface Row {
  heading: string;
  cells: string[];
}

const parser = new MarkdownIt();

/** Everything that people read, by its path from the project's folder. */
export function pages(): Page[] {
  const within = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const files = [...readdirSync('.'), ...within('docs'), ...within('examples')];
  return files
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map(page);
}

/** One file of it. */
export function page(file: string): Page {
  return { file, tokens: parser.parse(readFileSync(file, 'utf8'), {}) };
}

/** The fenced blocks of a page, in order. */
export function blocksOf({ file, tokens }: Page): Block[] {
  const fences = tokens.filter(({ type }) => type === 'fence' || type === 'code_block');
  return fences.map(({ info, content, map }) => ({ file, line: map![0] + 2, language: info.trim(), text: content }));
}

/** The texts between backticks. */
export function codeOf(page: Page): string[] {
  return inlineOf(page).flatMap(({ type, content }) => (type === 'code_inline' ? [content] : []));
}

/** Where links lead and where pictures lie, as written. */
export function targetsOf(page: Page): string[] {
  return inlineOf(page).flatMap((token) => String(token.attrGet('href') ?? token.attrGet('src') ?? '') || []);
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf({ tokens }: Page): string[] {
  return tokens.flatMap((token, at) => (token.type === 'heading_open' ? [anchorOf(tokens[at + 1])] : []));
}

/** The rows of all tables of a page, without their heads. */
export function rowsOf({ tokens }: Page): Row[] {
  const rows: Row[] = [];
  let heading = '';
  for (const [at, { type }] of tokens.entries()) {
    const { content } = tokens[at + 1] ?? {};
    if (type === 'heading_open') heading = content;
    if (type === 'tr_open') rows.push({ heading, cells: [] });
    if (type === 'td_open') rows.at(-1)!.cells.push(content);
  }
  return rows.filter(({ cells }) => cells.length > 0);
}

/** The text of a cell that is nothing but code. */
export function uncoded(cell: string): string {
  return /^`([^`]*)`$/.exec(cell)?.[1] ?? cell;
}

function inlineOf({ tokens }: Page): Token[] {
  return tokens.flatMap(({ children }) => children ?? []);
}

function anchorOf({ children }: Token): string {
  const text = (children ?? []).map(({ content }) => content).join('');
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
