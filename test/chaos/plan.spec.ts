import { planFor, type Wish } from '../../chaos/plan.js';

const WISH = { seed: 7, images: 500, kills: 20, redis: false, apis: 2, workers: 3 };

function planned(wish: Wish) {
  const { batches, harms } = planFor(wish);
  return { batches: [...batches], harms };
}

describe('the plan of a chaos', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planned(WISH)).toEqual(planned(WISH));
    expect(planned({ ...WISH, seed: 8 })).not.toEqual(planned(WISH));
  });

  it('asks for exactly so many images, each batch under a key of its own', () => {
    const { batches } = planned(WISH);
    expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(500);
    expect(new Set(batches.map(({ key }) => key)).size).toBe(batches.length);
  });

  it('kills as often as asked, processes of every kind, in the order of their moments', () => {
    const { harms } = planFor(WISH);
    const killed = harms.filter(({ what }) => what === 'kill').map(({ target }) => target.replace(/-.*/, ''));
    expect(killed).toHaveLength(20);
    expect(new Set(killed)).toEqual(new Set(['worker', 'api', 'comfyui', 'postgres']));
    expect(harms.map(({ at }) => at)).toEqual(harms.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it('freezes workers in the middle of either stage', () => {
    const frozen = planFor(WISH).harms.filter(({ what }) => what === 'freeze');
    expect(new Set(frozen.map(({ over }) => over))).toEqual(new Set(['UPLOADING', 'GENERATING']));
  });

  it('kills Redis only where there is one', () => {
    expect(planFor({ ...WISH, redis: true }).harms.map(({ target }) => target)).toContain('redis');
  });

  it('has no end and kills nobody under a steady load, but disturbs', () => {
    const { batches, harms } = planFor({ ...WISH, minutes: 20 });
    expect([...take(batches, 1_000)]).toHaveLength(1_000);
    expect(harms).toHaveLength(40);
    expect(harms.map(({ what }) => what)).not.toContain('kill');
  });
});

function* take<T>(list: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const one of list) {
    yield one;
    if (++taken === count) return;
  }
}
