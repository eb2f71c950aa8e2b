import type { ComfyuiApi } from './comfyui-api.js';
import { hasAll, missingThings, refusalReason } from './comfyui-refusal.js';

const fault = (type: string, message: string, details: string, extra_info = {}) => ({ type, message, details, extra_info });
const notListed = fault('value_not_in_list', 'Value not in list', "ckpt_name: 'nope.safetensors' not in ['sd15.safetensors']", {
  input_name: 'ckpt_name',
  received_value: 'nope.safetensors',
});
const tooBig = fault('value_bigger_than_max', 'Value 99999 bigger than max of 16384', 'width');
const refused = (nodes: Record<string, object[]>) => ({
  error: fault('prompt_outputs_failed_validation', 'Prompt outputs failed validation', ''),
  node_errors: Object.fromEntries(
    Object.entries(nodes).map(([class_type, errors], id) => [id, { class_type, errors, dependent_outputs: ['9'] }]),
  ),
});
const unknownClass = {
  error: fault('invalid_prompt', 'Cannot execute because node Sharpen does not exist.', "Node ID '#2'"),
  node_errors: {},
};
const graph = { '2': { class_type: 'Sharpen', inputs: {} } };

describe('refusalReason', () => {
  it('takes the reasons from the nodes, where the summary says nothing', () => {
    expect(refusalReason(refused({ CheckpointLoaderSimple: [notListed], EmptyLatentImage: [tooBig] }))).toBe(
      "CheckpointLoaderSimple: Value not in list (ckpt_name: 'nope.safetensors' not in ['sd15.safetensors']); " +
        'EmptyLatentImage: Value 99999 bigger than max of 16384 (width)',
    );
  });

  it('takes the summary where no node has a reason', () => {
    expect(refusalReason(unknownClass)).toBe("Cannot execute because node Sharpen does not exist. (Node ID '#2')");
    expect(refusalReason({ error: fault('no_prompt', 'No prompt provided', 'No prompt provided') })).toBe('No prompt provided');
  });

  it('shows no traceback', () => {
    const traceback = ['  File "/srv/comfy/execution.py", line 1010, in validate_prompt\n'];
    const body = refused({ SaveImage: [fault('exception_during_validation', 'Exception when validating node', "'99'", { traceback })] });
    expect(refusalReason(body)).toBe("SaveImage: Exception when validating node ('99')");
  });

  it.each([{}, { error: null }, { error: 'x', node_errors: [null, { errors: null }] }])('says something about %j', (body) => {
    expect(refusalReason(body)).toBe('no reason was given');
  });
});

describe('missingThings', () => {
  it('names a value that the server does not list', () => {
    expect(missingThings(refused({ CheckpointLoaderSimple: [notListed] }), graph)).toEqual([
      { classType: 'CheckpointLoaderSimple', input: 'ckpt_name', value: 'nope.safetensors' },
    ]);
  });

  it('names a node class that the server does not know, in the words of older and of newer versions', () => {
    const newer = { error: { type: 'missing_node_type', extra_info: { node_id: '2', class_type: 'Sharpen' } }, node_errors: {} };
    expect(missingThings(unknownClass, graph)).toEqual([{ classType: 'Sharpen' }]);
    expect(missingThings(newer, graph)).toEqual([{ classType: 'Sharpen' }]);
  });

  it.each([
    ['another fault beside it', refused({ CheckpointLoaderSimple: [notListed], EmptyLatentImage: [tooBig] })],
    ['a prompt without outputs', { error: fault('prompt_no_outputs', 'Prompt has no outputs', ''), node_errors: {} }],
  ])('is empty for %s, which no other server would take either', (_title, body) => {
    expect(missingThings(body, graph)).toEqual([]);
  });
});

describe('hasAll', () => {
  const inputs = {
    required: { ckpt_name: [['a.pt', 'b.pt'], {}] },
    optional: { mode: ['COMBO', { options: ['fast'] }], text: ['STRING', {}] },
  };
  const classes: Record<string, object> = { Loader: { input: inputs } };
  const api = { nodeClass: (name: string) => Promise.resolve(classes[name] ?? {}) } as unknown as ComfyuiApi;

  it.each([
    [true, { classType: 'Loader' }],
    [true, { classType: 'Loader', input: 'ckpt_name', value: 'b.pt' }],
    [true, { classType: 'Loader', input: 'mode', value: 'fast' }],
    [false, { classType: 'Loader', input: 'ckpt_name', value: 'c.pt' }],
    [false, { classType: 'Loader', input: 'text', value: 'x' }],
    [false, { classType: 'Loader', input: 'other', value: 'x' }],
    [false, { classType: 'Saver' }],
  ])('is %p for %j', async (expected, thing) => {
    expect(await hasAll(api, [thing], new AbortController().signal)).toBe(expected);
  });
});
