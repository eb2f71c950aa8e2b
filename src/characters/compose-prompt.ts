/** The prompt as sent to the generator. The embedding comes first, for ComfyUI sees it only at the start or behind a blank. */
export function composePrompt(parts: { embedding: string | null; promptPrefix: string | null; prompt: string }): string {
  const { embedding, promptPrefix, prompt } = parts;
  return [embedding && `embedding:${embedding}`, promptPrefix, prompt].filter(Boolean).join(' ');
}
