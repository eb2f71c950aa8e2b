import { crashAt } from './crash-points.js';

describe('a service that is killed', () => {
  it.concurrent.each(['after send prompt', 'after accept bytes', 'after create asset'])(
    '%s goes on where it was',
    async (crashPoint) => {
      expect(await crashAt(crashPoint, ['all'])).toEqual({ faults: [], drawnAgain: 0 });
    },
    90_000,
  );
});
