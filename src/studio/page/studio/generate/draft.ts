/** What the form holds; numbers that may be left out are null. */
export interface Draft {
  character: string;
  prompt: string;
  count: number;
  width: number | null;
  height: number | null;
  seed: number | null;
  steps: number | null;
  cfg: number | null;
  negativePrompt: string;
  workflow: string;
  parameters: Record<string, string>;
}

/** What a first visit finds filled in: one press of the button makes pictures. */
export const FIRST_DRAFT: Draft = {
  character: 'luna',
  prompt: 'at the lighthouse, dusk',
  count: 4,
  width: 512,
  height: 512,
  seed: null,
  steps: null,
  cfg: null,
  negativePrompt: '',
  workflow: '',
  parameters: {},
};

/** A draft as it was kept, or the first one. */
export function readDraft(text: string): Draft {
  try {
    return { ...FIRST_DRAFT, ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    return FIRST_DRAFT;
  }
}

/** The input of `generateBatch`: what is empty is left out. `username` null: the caller's own. */
export function inputOf(draft: Draft, forUser: string | null, idempotencyKey: string) {
  const { character, prompt, count, width, height, seed, steps, cfg, negativePrompt, workflow } = draft;
  return {
    ...{ username: forUser, character: character.trim(), prompt, count, width, height, idempotencyKey },
    ...{ seed, steps, cfg, negativePrompt: negativePrompt || null, workflow: workflow || null, parameters: parametersOf(draft) },
  };
}

function parametersOf({ parameters }: Draft): Record<string, unknown> | null {
  const given = Object.entries(parameters).filter(([, text]) => text !== '');
  return given.length === 0 ? null : Object.fromEntries(given.map(([name, text]) => [name, valueOf(text)]));
}

/** Numbers and yes or no are sent as such; anything else is a text. */
function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
