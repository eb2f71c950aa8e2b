import type { SheetView } from '../live/sheet-view';
import { remaining } from './remaining';

function half(): SheetView {
  const frames = ['UPLOADED', 'QUEUED'].map((status) => ({ status, fraction: null }));
  return { frames } as unknown as SheetView;
}

describe('remaining', () => {
  it('goes on at the pace so far', () => {
    expect(remaining(half(), { at: 0, fraction: 0 }, 10_000)).toBe(10_000);
    expect(remaining(half(), { at: 0, fraction: 0.25 }, 10_000)).toBe(20_000);
  });

  it('is not known before there is a pace', () => {
    expect(remaining(half(), { at: 0, fraction: 0.5 }, 10_000)).toBeNull();
    expect(remaining(half(), { at: 0, fraction: 0 }, 500)).toBeNull();
  });
});
