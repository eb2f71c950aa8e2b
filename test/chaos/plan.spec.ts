import { planFor } from '../../chaos/plan.js';

const WISH = { seed: 7, images: 500, kills: 20, redis: false, apis: 2, workers: 3 };

describe('the plan of a chaos', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planFor(WISH)).toEqual(planFor(WISH));
    expect(planFor({ ...WISH, seed: 8 })).not.toEqual(planFor(WISH));
  });

  it('asks for exactly so many images, each batch under a key of its own', () => {
    const { batches } = planFor(WISH);
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

  it('kills Redis only where there is one', () => {
    expect(planFor({ ...WISH, redis: true }).harms.map(({ target }) => target)).toContain('redis');
  });
});
