import { readBinary, readText } from './comfyui-messages.js';

const text = (type: string, data: unknown) => readText(JSON.stringify({ type, data }));
const frame = (type: number, metadata: string, image = 'JPEG') => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(type, 0);
  head.writeUInt32BE(Buffer.byteLength(metadata), 4);
  return Buffer.concat([head, Buffer.from(metadata), Buffer.from(image)]);
};

describe('readText', () => {
  it('tells the end of a prompt from a node that starts', () => {
    expect(text('executing', { node: null, prompt_id: 'p' })).toEqual({ kind: 'ended', promptId: 'p' });
    expect(text('executing', { node: '3', display_node: '3', prompt_id: 'p' })).toEqual({ kind: 'running', promptId: 'p', node: '3' });
  });

  it('drops the message without a prompt that comes on reconnecting', () => {
    expect(text('executing', { node: '3' })).toBeNull();
    expect(text('executing', { node: null })).toBeNull();
  });

  it('does not take a blocked branch for a failure', () => {
    expect(text('execution_error', { prompt_id: 'p', exception_type: 'ExecutionBlocked' })).toBeNull();
    expect(text('execution_error', { prompt_id: 'p', exception_type: 'RuntimeError' })).toMatchObject({ kind: 'failed' });
  });

  it('survives NaN', () => {
    expect(readText('{"type":"progress","data":{"prompt_id":"p","node":"3","value":NaN,"max":4}}')).toEqual({
      kind: 'progress',
      promptId: 'p',
      nodes: { '3': { value: 0, max: 4 } },
    });
  });

  it('keeps only steps that are numbers', () => {
    const nodes = { '3': { value: 1, max: 4 }, '4': { value: 'x', max: 1 }, '5': null, '6': { value: 0, max: 0 } };
    expect(text('progress_state', { prompt_id: 'p', nodes })).toEqual({
      kind: 'progress',
      promptId: 'p',
      nodes: { '3': { value: 1, max: 4 } },
    });
  });

  it('reads outputs that are null', () => {
    expect(text('executed', { node: '9', output: null, prompt_id: 'p' })).toEqual({ kind: 'output', promptId: 'p', node: '9', files: [] });
  });

  it.each(['', 'null', '[]', '{"type":"news","data":{"prompt_id":"p"}}', '{"type":"executing"}', '{oops', '"text"'])(
    'gives null for %s',
    (message) => {
      expect(readText(message)).toBeNull();
    },
  );
});

describe('readBinary', () => {
  it('reads a preview that names its prompt', () => {
    const preview = readBinary(frame(4, JSON.stringify({ prompt_id: 'p', node_id: '3', image_type: 'image/png' }), 'PNG'));
    expect(preview).toEqual({ kind: 'preview', promptId: 'p', contentType: 'image/png', bytes: Buffer.from('PNG') });
  });

  it.each([
    ['a preview that names none', Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]), Buffer.from('JPEG')])],
    ['text of a node', frame(3, '3', 'words')],
    ['metadata without a prompt', frame(4, '{"node_id":"3"}')],
    ['metadata that is no JSON', frame(4, '{oops')],
    ['metadata longer than the frame', frame(4, '{"prompt_id":"p"}').subarray(0, 20)],
    ['no picture', frame(4, '{"prompt_id":"p"}', '')],
    ['too few bytes', Buffer.from([0, 0, 0, 4])],
  ])('drops %s', (_title, bytes) => {
    expect(readBinary(bytes)).toBeNull();
  });
});
