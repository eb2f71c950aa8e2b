import { embeddingWords, hasEmbedding, unseenEmbeddingWords } from '../../../characters/embedding-words.js';
import { GenerationRejectedError } from '../../image-generator.js';
import { EmbeddingMissingError } from './comfyui-errors.js';
import type { ComfyuiServer } from './comfyui-server.js';

/** Refuses `embedding:` words that ComfyUI would take for plain text, or that name nothing: it would draw somebody else without a word. */
export function refuseUnseenEmbeddings(prompts: string[]): void {
  const unseen = prompts.flatMap(unseenEmbeddingWords);
  const nameless = prompts.flatMap(embeddingWords).includes('');
  if (unseen.length === 0 && !nameless) return;
  const what = unseen.length > 0 ? `"${unseen[0].slice(0, 80)}" as an embedding` : 'an embedding without a name';
  throw new GenerationRejectedError(`ComfyUI does not see ${what}: write embedding:name with a blank before it.`, 'EMBEDDING_NOT_FOUND');
}

/** Throws `EmbeddingMissingError` unless the server has, at this moment, every embedding that the prompts name. */
export async function needEmbeddings(server: ComfyuiServer, prompts: string[], signal: AbortSignal): Promise<void> {
  const names = [...new Set(prompts.flatMap(embeddingWords))];
  if (names.length === 0) return;
  const listed = await server.api.embeddings(signal);
  server.health.embeddings = listed;
  const missing = names.filter((name) => !hasEmbedding(listed, name));
  if (missing.length > 0) throw new EmbeddingMissingError(server.name, missing);
}
