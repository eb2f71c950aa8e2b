import type { GenerationProgress } from '../../image-generator.js';
import { ComfyuiProgress } from './comfyui-progress.js';

const graph = {
  '3': { class_type: 'KSampler', inputs: { steps: 8 } },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: {} },
  '9': { class_type: 'SaveImage', inputs: {} },
};

describe('ComfyuiProgress', () => {
  let told: GenerationProgress[];
  const fractions = () => told.map(({ fraction }) => fraction);

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    told = [];
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('weighs each node by its steps', () => {
    const progress = new ComfyuiProgress(graph, (each) => told.push(each), 0);
    progress.hear({ kind: 'started', promptId: 'p' });
    progress.hear({ kind: 'cached', promptId: 'p', nodes: ['4'] });
    progress.hear({ kind: 'progress', promptId: 'p', nodes: { '3': { value: 4, max: 8 } } });
    progress.hear({ kind: 'progress', promptId: 'p', nodes: { '3': { value: 8, max: 8 }, '9': { value: 1, max: 1 } } });

    expect(fractions()).toEqual([0, 0.1, 0.5, 1]);
  });

  it('never goes back', () => {
    const progress = new ComfyuiProgress(graph, (each) => told.push(each), 0);
    progress.hear({ kind: 'progress', promptId: 'p', nodes: { '3': { value: 8, max: 8 } } });
    progress.hear({ kind: 'progress', promptId: 'p', nodes: { '3': { value: 1, max: 100 } } });

    expect(fractions()).toEqual([0.8, 0.8]);
  });

  it('reports at once, then at most once in the given time, the newest preview with it', () => {
    const progress = new ComfyuiProgress(graph, (each) => told.push(each), 250);
    progress.hear({ kind: 'started', promptId: 'p' });
    for (const value of [1, 2, 3]) {
      progress.hear({ kind: 'progress', promptId: 'p', nodes: { '3': { value, max: 8 } } });
      progress.hear({ kind: 'preview', promptId: 'p', contentType: 'image/jpeg', bytes: Buffer.from([value]) });
    }
    expect(told).toEqual([{ fraction: 0 }]);

    jest.advanceTimersByTime(250);
    expect(told).toEqual([{ fraction: 0 }, { fraction: 0.3, preview: { contentType: 'image/jpeg', bytes: Buffer.from([3]) } }]);

    jest.advanceTimersByTime(1_000);
    expect(told).toHaveLength(2);
  });

  it('says nothing after it was stopped', () => {
    const progress = new ComfyuiProgress(graph, (each) => told.push(each), 250);
    progress.hear({ kind: 'started', promptId: 'p' });
    progress.hear({ kind: 'progress', promptId: 'p', nodes: { '3': { value: 4, max: 8 } } });
    progress.stop();
    progress.hear({ kind: 'progress', promptId: 'p', nodes: { '3': { value: 5, max: 8 } } });
    jest.advanceTimersByTime(1_000);

    expect(fractions()).toEqual([0]);
  });

  it('lets a listener fail', () => {
    const progress = new ComfyuiProgress(
      graph,
      () => {
        throw new Error('listener');
      },
      0,
    );
    expect(() => progress.hear({ kind: 'started', promptId: 'p' })).not.toThrow();
  });
});
