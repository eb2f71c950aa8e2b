// A process of its own that makes the pictures it is asked for and answers with their bytes.
import 'reflect-metadata';
import { register } from 'node:module';

register('./typescript.loader.mjs', import.meta.url);
const { Config } = await import('../../src/config/config.ts');
const { DemoGenerator } = await import('../../src/generation/generators/demo.generator.ts');
const generator = new DemoGenerator(Object.assign(new Config(), { DEMO_TIME: 0 }));

process.on('message', async (request) => {
  const { bytes } = await generator.generate(request, new AbortController().signal, () => {});
  process.send(bytes.toString('base64'));
});
process.send('ready');
