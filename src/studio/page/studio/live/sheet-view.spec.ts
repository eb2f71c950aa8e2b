import type { Frame, Progress, Sheet, SheetEvent } from '../api/operations';
import { count, fractionOf, hasEnded, type SheetView, viewOf, withEvent, withProgress } from './sheet-view';

function frame(position: number, more: Partial<Frame> = {}): Frame {
  return {
    ...{ id: `image-${position}`, batchId: 'batch', position, index: 40 + position, seed: position, status: 'QUEUED', url: null },
    ...{ width: null, height: null, bytes: null, sha256: null, generationAttempts: 0, uploadAttempts: 0, backend: null, error: null },
    ...{ duplicateOf: null, ...more },
  };
}

function sheet(more: Partial<Sheet> = {}): Sheet {
  return {
    ...{
      id: 'batch',
      username: 'ada',
      character: 'luna',
      prompt: 'dusk',
      width: 512,
      height: 512,
      count: 2,
      status: 'QUEUED',
      lastEvent: 2,
    },
    ...{ createdAt: '2025-01-01T00:00:00Z', finishedAt: null, images: [frame(1), frame(2)], ...more },
  };
}

function event(number: number, image: Frame, batchStatus: SheetEvent['batchStatus'] = 'RUNNING'): SheetEvent {
  return { number, batchStatus, at: '2025-01-01T00:00:09Z', image };
}

function progress(fraction: number, more: Partial<Progress> = {}): Progress {
  return { imageId: 'image-1', position: 1, stage: 'GENERATION', fraction, preview: null, ...more };
}

const drawing = frame(1, { status: 'GENERATING', generationAttempts: 1 });

describe('a contact sheet', () => {
  let view: SheetView;

  beforeEach(() => (view = withEvent(viewOf(sheet()), event(3, drawing))));

  it('takes an event over, and its number', () => {
    expect(view.frames.map(({ status }) => status)).toEqual(['GENERATING', 'QUEUED']);
    expect(view).toMatchObject({ status: 'RUNNING', lastEvent: 3, finishedAt: null });
  });

  it('is not changed by an event that it has had already', () => {
    expect(withEvent(view, event(3, frame(1, { status: 'FAILED' })))).toBe(view);
    expect(withEvent(view, event(2, frame(1)))).toBe(view);
  });

  it('leaves the frames alone that an event is not about', () => {
    expect(withEvent(view, event(4, frame(2))).frames[0]).toBe(view.frames[0]);
  });

  it('ends with its last event, and goes on after a retry', () => {
    const ended = withEvent(view, event(4, frame(1, { status: 'FAILED' }), 'FAILED'));
    expect([hasEnded(ended), ended.finishedAt]).toEqual([true, '2025-01-01T00:00:09Z']);
    const again = withEvent(ended, event(5, frame(1)));
    expect([hasEnded(again), again.finishedAt]).toEqual([false, null]);
  });

  it('never goes back within one attempt', () => {
    const further = withProgress(view, progress(0.6));
    expect(withProgress(further, progress(0.4)).frames[0].fraction).toBe(0.6);
    expect(withEvent(further, event(4, drawing)).frames[0].fraction).toBe(0.6);
  });

  it('starts from nothing in the next attempt', () => {
    const further = withProgress(view, progress(0.6, { preview: 'data:,a' }));
    const putBack = withEvent(further, event(4, frame(1, { generationAttempts: 1 })));
    expect(putBack.frames[0]).toMatchObject({ fraction: null, preview: null });
    const second = withEvent(further, event(4, { ...drawing, generationAttempts: 2 }));
    expect(second.frames[0]).toMatchObject({ fraction: null, preview: null });
  });

  it('keeps the last preview until the picture is there', () => {
    const seen = withProgress(view, progress(0.5, { preview: 'data:,a' }));
    expect(withProgress(seen, progress(0.7)).frames[0].preview).toBe('data:,a');
    const stored = withEvent(seen, event(4, { ...drawing, status: 'UPLOADED', url: '/assets/a.png' }));
    expect(stored.frames[0]).toMatchObject({ preview: 'data:,a', fraction: null, url: '/assets/a.png' });
  });

  it('takes no progress of a stage that the frame is not in', () => {
    expect(withProgress(view, progress(0.5, { imageId: 'image-2' }))).toBe(view);
    expect(withProgress(view, progress(0.5, { stage: 'UPLOAD' }))).toBe(view);
    expect(withProgress(view, progress(0.5, { imageId: 'of another batch' }))).toBe(view);
  });

  it('counts its frames, and how far it is over all', () => {
    expect(count(view, 'QUEUED', 'FAILED')).toBe(1);
    const half = withProgress(view, progress(0.5));
    expect(fractionOf(half)).toBeCloseTo(0.225);
    expect(fractionOf(withEvent(half, event(4, frame(1, { status: 'UPLOADED' }))))).toBe(0.5);
  });
});
