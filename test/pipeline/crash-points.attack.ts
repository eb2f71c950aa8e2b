import { DURABLE_STEPS } from '../../src/durable/durable-steps.js';
import { crashAt } from './crash-points.js';

const CRASH_POINTS = DURABLE_STEPS.flatMap((step) => [`before ${step}`, `after ${step}`]);

describe.each([
  ['one process that does everything', ['all']],
  ['an API and two workers', ['api', 'worker', 'worker']],
])('%s', (_, roles) => {
  it.concurrent.each(CRASH_POINTS)(
    'may be killed %s',
    async (crashPoint) => {
      expect(await crashAt(crashPoint, roles)).toEqual({ faults: [], drawnAgain: 0 });
    },
    300_000,
  );
});
