import { isPng, Setting } from './setting.js';

/** Nothing is found out by looking: a prompt whose end was missed hangs until the test's limit. */
const UNAIDED = { poll: 3_600_000, health: 5_000, request: 10_000 };

test('of a thousand prompts that take no time none hangs', async () => {
  const setting = await Setting.start({ servers: [{ previews: false }, { previews: false }], timings: UNAIDED });
  const backends = setting.generator.backends().map(({ name }) => name);
  let left = 1_000;
  const worker = async (backend: string): Promise<void> => {
    while (left-- > 0) expect(isPng((await setting.generate(setting.request({ backend, steps: 1, seed: left }))).bytes)).toBe(true);
  };
  await Promise.all([...backends, ...backends].map(worker));
  await setting.stop();
});
