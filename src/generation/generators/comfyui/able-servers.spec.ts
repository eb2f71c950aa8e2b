import { GenerationRejectedError } from '../../image-generator.js';
import type { BuiltWorkflow } from '../../workflows/workflow.js';
import { ableServers } from './able-servers.js';
import { parseAddress } from './comfyui-address.js';
import { ComfyuiServer } from './comfyui-server.js';
import { ComfyuiTimings } from './comfyui-timings.js';

function server(name: string, has: { embeddings?: string[]; checkpoints?: string[] } | null): ComfyuiServer {
  const made = new ComfyuiServer(parseAddress(`http://127.0.0.1:1#${name}`, {}), new ComfyuiTimings());
  if (has) Object.assign(made.health, { lastSeenAt: new Date(), embeddings: [], checkpoints: ['sd15.safetensors'], ...has });
  return made;
}

const loader = { '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd15.safetensors' } } };
const built = (prompt: string, checkpoint = 'sd15.safetensors'): BuiltWorkflow => ({
  graph: loader,
  outputs: [],
  prompts: [prompt],
  checkpoints: [checkpoint],
});
const names = (servers: ComfyuiServer[], workflow: BuiltWorkflow) => ableServers(servers, workflow).map(({ name }) => name);

describe('ableServers', () => {
  const plain = server('plain', {});
  const luna = server('luna', { embeddings: ['sub/luna'] });
  const xl = server('xl', { checkpoints: ['xl.safetensors'] });
  const empty = server('empty', { checkpoints: [] });
  const unseen = server('unseen', null);

  it('are those that have every embedding and checkpoint', () => {
    expect(names([plain, luna, xl, unseen], built('a cat'))).toEqual(['plain', 'luna']);
    expect(names([plain, luna, xl, unseen], built('embedding:luna'))).toEqual(['luna']);
    expect(names([plain, luna, xl, unseen], built('a cat', 'xl.safetensors'))).toEqual(['xl']);
  });

  it('are those that have any checkpoint at all where the workflow leaves it open', () => {
    expect(names([plain, xl, empty], built('a cat', ''))).toEqual(['plain', 'xl']);
  });

  it('are none, for the time being, while a server was never seen', () => {
    expect(names([plain, unseen], built('embedding:luna'))).toEqual([]);
    expect(names([unseen], built('a cat'))).toEqual([]);
  });

  it.each([
    ['embedding:ana', 'sd15.safetensors', 'No ComfyUI server has the embedding "ana".', 'EMBEDDING_NOT_FOUND'],
    ['embedding:luna', 'no.pt', 'No ComfyUI server has the checkpoint "no.pt".', 'GENERATOR_REJECTED'],
    ['embedding:ana', 'no.pt', 'No ComfyUI server has the embedding "ana" and the checkpoint "no.pt".', 'EMBEDDING_NOT_FOUND'],
    [
      'embedding:luna',
      'xl.safetensors',
      'No single ComfyUI server has the embedding "luna" and the checkpoint "xl.safetensors".',
      'GENERATOR_REJECTED',
    ],
  ] as const)('can be none for %s with %s', (prompt, checkpoint, message, code) => {
    expect(() => ableServers([plain, luna, xl], built(prompt, checkpoint))).toThrow(new GenerationRejectedError(message, code));
    expect(() => ableServers([plain, luna, xl], built(prompt, checkpoint))).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('are none without a reason of its own where no server has any checkpoint', () => {
    expect(() => ableServers([empty], built('a cat', ''))).toThrow('No ComfyUI server has any checkpoint.');
  });

  it('are first of all those that did not refuse such a prompt lately', () => {
    const [left, right] = [server('left', {}), server('right', {})];
    left.lacks([{ classType: 'CheckpointLoaderSimple', input: 'ckpt_name', value: 'sd15.safetensors' }]);
    right.lacks([{ classType: 'LoraLoader', input: 'lora_name', value: 'x.pt' }, { classType: 'Sharpen' }]);
    expect(names([left, right], built('a cat'))).toEqual(['right']);

    right.lacks([{ classType: 'CheckpointLoaderSimple' }]);
    expect(names([left, right], built('a cat'))).toEqual(['left', 'right']);
  });

  it('forget a refusal after a while', () => {
    jest.useFakeTimers();
    const [left, right] = [server('left', {}), server('right', {})];
    left.lacks([{ classType: 'CheckpointLoaderSimple' }]);
    jest.advanceTimersByTime(new ComfyuiTimings().lacking - 1);
    expect(names([left, right], built('a cat'))).toEqual(['right']);
    jest.advanceTimersByTime(1);
    expect(names([left, right], built('a cat'))).toEqual(['left', 'right']);
    jest.useRealTimers();
  });
});
