import type { NodeResult } from './node-cache.js';
import { type Latent, NodeError, type NodeRun } from './node-run.js';
import { paint, paintPreview, type Recipe } from './picture.js';

/** A sampler: takes the set time in as many steps as asked for, with progress and preview at each, and leaves pictures to be drawn. */
export async function sample(run: NodeRun, seed: number | bigint): Promise<NodeResult> {
  const { inputs, execution } = run;
  const latent: Latent = inputs.latent_image;
  const recipes = Array.from({ length: latent.batch }, (_, position) => recipeFor(inputs, latent, seed, position));
  execution.text ??= recipes[0].text;
  execution.seed ??= Number(seed);
  strikeFaults(run);
  await takeSteps(run, recipes[0]);
  execution.pictures.push(...recipes);
  return { outputs: [{ ...latent, drawings: recipes.map((recipe) => () => paint(recipe)) }] };
}

function recipeFor(inputs: NodeRun['inputs'], { width, height }: Latent, seed: number | bigint, position: number): Recipe {
  const { positive, negative, model } = inputs;
  const embeddings = [...positive.embeddings, ...negative.embeddings];
  return { text: positive.text, negative: negative.text, seed: String(seed), width, height, checkpoint: model, embeddings, position };
}

function strikeFaults({ id, inputs, inside: { faults }, messages }: NodeRun): void {
  const denoise = faults.notANumber.strikes() ? Number.NaN : 1;
  if (Number.isNaN(denoise)) messages.progress(id, denoise, inputs.steps);
  if (faults.blockedNodes.strikes()) messages.toClient('execution_error', blocked(id));
  if (faults.outOfMemory.strikes()) throw new NodeError('torch.OutOfMemoryError', outOfMemory, { denoise: [denoise] });
  const { kind, message } = faults.nodeError;
  if (faults.nodeErrors.strikes()) throw new NodeError(kind, message, { denoise: [denoise] });
}

async function takeSteps(run: NodeRun, recipe: Recipe): Promise<void> {
  const { id, inputs, inside, messages, pause, checkInterrupt } = run;
  const preview = inside.settings.previews ? await paintPreview(recipe) : undefined;
  const begin = performance.now();
  for (let step = 1; step <= inputs.steps; step++) {
    const due = begin + (inside.settings.pictureMs * step) / inputs.steps;
    await pause(Math.max(0, due - performance.now()));
    checkInterrupt();
    messages.progress(id, step, inputs.steps, preview);
  }
}

const outOfMemory =
  'Allocation on device 0 would exceed allowed memory.\n' +
  'This means that you ran out of memory on your GPU. Perhaps the batch size is too large.';

function blocked(id: string): object {
  const nothing = { executed: [], traceback: [], current_inputs: {}, current_outputs: [] };
  const reason = { exception_message: 'Execution Blocked: this branch has nothing to do', exception_type: 'ExecutionBlocked' };
  return { node_id: id, node_type: 'KSampler', ...reason, ...nothing, timestamp: Date.now() };
}
