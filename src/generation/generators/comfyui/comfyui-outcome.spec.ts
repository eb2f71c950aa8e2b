import { outputFiles, pictureOf, readHistory } from './comfyui-outcome.js';

const file = (filename: string, type = 'output') => ({ filename, subfolder: 'a', type });
const entry = (status: object, outputs = {}) => ({ prompt: [], outputs, status, meta: {} });
const messages = (...names: string[]) => names.map((name) => [name, { prompt_id: 'p', exception_message: 'boom\n' }]);

describe('readHistory', () => {
  it('reads the files of a finished prompt', () => {
    const outputs = { '9': { images: [file('x.png')] }, '8': { text: ['no picture'] } };
    expect(
      readHistory(entry({ status_str: 'success', completed: true, messages: messages('execution_start', 'execution_success') }, outputs)),
    ).toEqual({
      kind: 'done',
      outputs: { '9': [file('x.png')], '8': [] },
    });
  });

  it('tells an interrupted prompt from a failed one by its last message alone', () => {
    const error = { status_str: 'error', completed: false };
    expect(readHistory(entry({ ...error, messages: messages('execution_start', 'execution_interrupted') }))).toEqual({
      kind: 'interrupted',
    });
    expect(readHistory(entry({ ...error, messages: messages('execution_start', 'execution_error') }))).toMatchObject({
      kind: 'failed',
      error: { exception_message: 'boom\n' },
    });
  });

  it('does not take a failed prompt for finished because some of its nodes have files', () => {
    const outputs = { '2': { images: [file('part.png')] } };
    expect(readHistory(entry({ status_str: 'error', messages: messages('execution_error') }, outputs)).kind).toBe('failed');
  });
});

describe('pictureOf', () => {
  it('goes by the order it is given, not by that of the server', () => {
    expect(pictureOf({ '9': [file('half-way.png')], '12': [file('done.png'), file('second.png')] }, ['12', '9'])).toEqual(file('done.png'));
  });

  it('passes over previews', () => {
    expect(pictureOf({ '9': [file('p.png', 'temp')], '3': [file('q.png', 'temp'), file('x.png')] }, ['9', '3'])).toEqual(file('x.png'));
    expect(pictureOf({ '9': [file('p.png', 'temp')] }, ['9'])).toBeNull();
  });

  it('takes nodes that the graph does not have, such as those of a subgraph, after the others', () => {
    expect(pictureOf({ '9.0.2': [file('b.png')], '9.0.1': [file('a.png')] }, ['9'])).toEqual(file('a.png'));
  });
});

test.each([null, {}, { images: null }, { images: [null, { filename: '' }, {}] }])('%j holds no files', (output) => {
  expect(outputFiles(output)).toEqual([]);
});
