import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STANDARD_NAMES } from './find-standard-inputs.js';
import { PARAMETER_TYPES } from './parameters-file.js';
import { WorkflowLibrary } from './workflow-library.js';

/** The examples of docs/workflows.md: what stands in backticks above each is its name. */
async function examples(): Promise<Map<string, string>> {
  const guide = await readFile('docs/workflows.md', 'utf8');
  const found = [...guide.matchAll(/^`([^`]+)`\n\n```json\n(.*?)^```$/gms)].map(([, name, json]) => [name, json] as const);
  expect(found).toHaveLength(guide.match(/^```json/gm)?.length ?? 0);
  return new Map(found);
}

describe('the guide to workflows', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'workflows-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('shows files that work, and parameters that they take', async () => {
    const found = await examples();
    for (const [file, json] of found) if (file.endsWith('.json')) await writeFile(join(dir, file), json);
    const library = await WorkflowLibrary.load(dir);
    const parameters: unknown = JSON.parse(found.get('parameters of generateBatch')!);
    expect(library.list()[1]).toEqual({ name: 'portrait', parameters: ['checkpoint', 'style', 'strength', 'sampler'] });
    const asked = { negativePrompt: 'fog', steps: 30, cfg: 6, parameters };
    expect(library.check('portrait', asked)).toEqual([]);
    const { graph, checkpoints } = library.build('portrait', {
      ...asked,
      prompt: 'a sailor',
      seed: 1,
      width: 512,
      height: 512,
      filenamePrefix: 'p',
      anyCheckpoint: null,
    });
    expect(graph).toMatchObject({
      '6': { inputs: { text: 'a sailor' } },
      '11': { inputs: { text: 'water colour' } },
      '10': { inputs: { strength_model: 0.6 } },
    });
    expect(checkpoints).toEqual(['dreamy.safetensors']);
  });

  it('is right that its graph is refused without its parameters file', async () => {
    await writeFile(join(dir, 'portrait.json'), (await examples()).get('portrait.json')!);
    await expect(WorkflowLibrary.load(dir)).rejects.toThrow(
      'portrait.json: different texts go into the positive prompt: node 6 (CLIPTextEncode), node 11',
    );
  });

  it('names every standard value and every type', async () => {
    const guide = await readFile('docs/workflows.md', 'utf8');
    for (const word of [...STANDARD_NAMES, ...PARAMETER_TYPES]) expect(guide).toContain(`\`${word}\``);
  });
});
