import { makeInNoTime } from './no-time.js';

test('of 1,000 prompts that take no time none hangs', async () => {
  expect(await makeInNoTime(1_000)).toBe(1_000);
});
