import { makeInNoTime } from './no-time.js';

test('of 200 prompts that take no time none hangs', async () => {
  expect(await makeInNoTime(200)).toBe(200);
});
