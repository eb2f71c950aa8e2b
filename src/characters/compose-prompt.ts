import { embeddingWords } from './embedding-words.js';

export interface PromptParts {
  /** Name of a textual-inversion embedding for which `isEmbeddingName` holds. */
  embedding: string | null;
  promptPrefix: string | null;
  prompt: string;
}

/**
 * The prompt to generate with: the embedding where ComfyUI is sure to see it (at the very start, a blank behind it), the prefix, the prompt, such as
 * `embedding:luna_v3 masterpiece, at the lighthouse`. An embedding that prefix or prompt name already is not named again.
 */
export function composePrompt({ embedding, promptPrefix, prompt }: PromptParts): string {
  const text = withPrefix(promptPrefix?.trim() ?? '', prompt);
  if (embedding === null || embeddingWords(text).includes(embedding)) return text;
  return `embedding:${embedding} ${text}`;
}

/**
 * Whether ComfyUI can be made to look up exactly this name: a plain path such as `sub/luna_v3`, of at most 200 characters, without blanks, commas, quotes,
 * colons, backslashes and brackets.
 */
export function isEmbeddingName(name: string): boolean {
  return name.length <= 200 && name.split('/').every((part) => /^[^\s\p{C}"'`,:\\()[\]{}<>]+$/u.test(part) && !/^\.{1,2}$/.test(part));
}

function withPrefix(prefix: string, prompt: string): string {
  if (prefix === '') return prompt;
  return prefix.endsWith(',') ? `${prefix} ${prompt}` : `${prefix}, ${prompt}`;
}
