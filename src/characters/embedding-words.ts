const WORD = 'embedding:';

/** What ComfyUI ends a name at: Python's blanks, not JavaScript's. Its rare \x1c…\x1f count as part of the name here, which is then found nowhere. */
const BLANKS = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

const DIGITS = '\\p{Nd}+(?:_\\p{Nd}+)*';
const DECIMAL = `(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:e[+-]?${DIGITS})?`;
/** A number as Python's float() reads it. */
const WEIGHT = new RegExp(`^\\s*[+-]?(?:${DECIMAL}|inf(?:inity)?|nan)\\s*$`, 'iu');

/**
 * The names that ComfyUI looks up for the `embedding:` words of one prompt text, in order, as its tokenizer reads them (0.3.64: brackets, weights, escapes,
 * commas). Names are as written: case and extension count. An `embedding:` with no name behind it, on which ComfyUI fails, gives an empty name.
 */
export function embeddingWords(text: string): string[] {
  return read(text).names;
}

/**
 * The words of a prompt text that say `embedding:` and that ComfyUI takes for plain text, without a warning: after a comma or a quote (`cat,embedding:x`), in square
 * or open brackets, after a tab, in capitals, or with a bracketed name that reads as a weight (`(embedding:123)`). Newer versions see some of these.
 */
export function unseenEmbeddingWords(text: string): string[] {
  return read(text).unseen;
}

/**
 * Whether a server that lists these embeddings (GET /embeddings) finds exactly one file for `name`. ComfyUI looks in every sub-folder, in no fixed
 * order, so a name that two of them have is not found; nor is one with an extension, since the list does not tell which one the file has.
 */
export function hasEmbedding(listed: readonly string[], name: string): boolean {
  const paths = new Set(listed.map((path) => path.replaceAll('\\', '/')));
  return name !== '' && [...paths].filter((path) => path === name || path.endsWith(`/${name}`)).length === 1;
}

interface Words {
  names: string[];
  unseen: string[];
}

function read(text: string): Words {
  const words: Words = { names: [], unseen: [] };
  const escaped = text.replaceAll('\\)', '\0\x01').replaceAll('\\(', '\0\x02');
  const waiting = splitAtBrackets(escaped).toReversed();
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    if (isBracketed(piece)) waiting.push(...splitAtBrackets(withoutWeight(piece.slice(1, -1), words)).toReversed());
    else readSegment(piece.replaceAll('\0\x01', ')').replaceAll('\0\x02', '('), words);
  }
  return words;
}

function isBracketed(piece: string): boolean {
  return piece.length >= 2 && piece.startsWith('(') && piece.endsWith(')');
}

/** Outermost bracketed parts and what is between them. A bracket without a partner shifts the count for the rest of the text, as it does in ComfyUI. */
function splitAtBrackets(text: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let k = 0; k < text.length; k++) {
    if (text[k] === '(' && depth++ === 0) {
      pieces.push(text.slice(start, k));
      start = k;
    } else if (text[k] === ')' && --depth === 0) {
      pieces.push(text.slice(start, k + 1));
      start = k + 1;
    }
  }
  return [...pieces, text.slice(start)].filter((piece) => piece !== '');
}

function withoutWeight(inner: string, words: Words): string {
  const colon = inner.lastIndexOf(':');
  if (colon <= 0 || !WEIGHT.test(inner.slice(colon + 1))) return inner;
  const rest = inner.slice(0, colon);
  if (/embedding$/i.test(rest)) words.unseen.push(`embedding:${inner.slice(colon + 1)}`);
  return rest;
}

/** A text without brackets of meaning: the word counts at its start and after a blank or a newline. */
function readSegment(segment: string, words: Words) {
  const [first, ...others] = segment.split(/[ \n]embedding:/);
  if (first.startsWith(WORD)) readName(first.slice(WORD.length), words);
  else addUnseen(first, words);
  for (const other of others) readName(other, words);
}

function readName(text: string, words: Words) {
  const [name = '', ...rest] = text.split(BLANKS).filter((part) => part !== '');
  words.names.push(withoutCommas(name));
  addUnseen(rest.join(' '), words);
}

function addUnseen(text: string, words: Words) {
  words.unseen.push(...text.split(/\s+/).filter((word) => /embedding:/i.test(word)));
}

/** A loop, because a regular expression takes its time over thousands of commas. */
function withoutCommas(name: string): string {
  let [start, end] = [0, name.length];
  while (name[start] === ',') start++;
  while (end > start && name[end - 1] === ',') end--;
  return name.slice(start, end);
}
