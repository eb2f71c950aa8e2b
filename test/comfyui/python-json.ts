const escapes: Record<string, string> = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/** Reads JSON as Python does: integers beyond 2^53 keep every digit, as bigint. Throws SyntaxError on anything that is not JSON. */
export function parsePythonJson(text: string): unknown {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|(?<![\d.eE])-?\d{16,}(?![\d.eE])/gs, (token) =>
    token.startsWith('"') ? token : `{"$int":"${token}"}`,
  );
  if (marked === text) return JSON.parse(text);
  return JSON.parse(marked, (_key, value) => (typeof value?.$int === 'string' ? unmark(value.$int) : value));
}

/** Writes JSON as Python does: ", " and ": ", ASCII only, and NaN or Infinity as bare words that JSON.parse refuses. */
export function toPythonJson(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : bareWord(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(toPythonJson).join(', ')}]`;
  if (value !== null && typeof value === 'object') return `{${members(value).join(', ')}}`;
  return JSON.stringify(value ?? null);
}

function unmark(digits: string): number | bigint {
  const exact = BigInt(digits);
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]|[^ -\u007f]/g, (char) => escapes[char] ?? unicode(char))}"`;
}

function unicode(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function bareWord(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

function members(value: object): string[] {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${quote(key)}: ${toPythonJson(member)}`);
}
