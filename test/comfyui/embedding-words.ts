import type { ModelFolders } from './model-folders.js';

interface Part {
  text: string;
  depth: number;
}

/**
 * Names of the embeddings that ComfyUI's prompt parser would load for this text, in order. A word is one only at the start of the
 * text or of a bracketed part, or after a space or newline; unknown names are dropped without a word. Throws on `embedding:` with
 * nothing behind it.
 */
export function embeddingsFound(text: string, models: ModelFolders): string[] {
  return bracketParts(text)
    .flatMap((part) => part.split(/[ \n](?=embedding:)/))
    .filter((word) => word.startsWith('embedding:'))
    .map((word) => lookUp(word.slice('embedding:'.length), models))
    .filter((name) => name !== null);
}

function lookUp(rest: string, models: ModelFolders): string | null {
  const [name] = rest.trim().split(/\s+/);
  if (name === '') throw new RangeError('list index out of range');
  return [name, name.replace(/^,+|,+$/g, '')].find((one) => models.hasEmbedding(one)) ?? null;
}

/** Cuts the text at its brackets and takes the weight off the end of each bracketed part. Escaped brackets are words. */
function bracketParts(text: string): string[] {
  const parts: Part[] = [{ text: '', depth: 0 }];
  for (const token of text.match(/\\[()]|[()]|[^()\\]+|\\/g) ?? []) {
    const last = parts[parts.length - 1];
    if (token === '(') parts.push({ text: '', depth: last.depth + 1 });
    else if (token === ')') parts.push({ text: '', depth: Math.max(0, last.depth - 1) });
    else last.text += token;
  }
  return parts.map(withoutWeight);
}

function withoutWeight({ text, depth }: Part): string {
  const colon = text.lastIndexOf(':');
  const weight = text.slice(colon + 1).trim();
  const weighted = depth > 0 && colon > 0 && weight !== '' && !Number.isNaN(Number(weight));
  return weighted ? text.slice(0, colon) : text;
}
