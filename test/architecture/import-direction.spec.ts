import { lint } from './lint-tree.js';

const DIRECTION = 'architecture(import-direction)';
const importing = (path: string) => `import { it } from '${path}';\nit();\n`;

/** Title, file, its text, and the rule that must go red. */
const wrong = [
  ['batch → generation', 'src/batch/up.ts', importing('../generation/generation.service.js'), DIRECTION],
  ['batch → generation, from a folder within', 'src/batch/rows/up.ts', importing('../../generation/generation.service.js'), DIRECTION],
  ['batch → generation, for a type only', 'src/batch/type.ts', "export type It = import('../generation/it.js').It;\n", DIRECTION],
  ['batch → generation, at run time', 'src/batch/late.ts', "export const it = () => import('../generation/it.js');\n", DIRECTION],
  ['batch → generation, in a unit test', 'src/batch/up.spec.ts', importing('../generation/generation.service.js'), DIRECTION],
  ['indexing → batch', 'src/indexing/up.ts', importing('../batch/batch.service.js'), DIRECTION],
  ['config → database', 'src/config/up.ts', importing('../database/transaction.js'), DIRECTION],
  ['database → batch', 'src/database/up.ts', importing('../batch/batch.service.js'), DIRECTION],
  ['studio → batch', 'src/studio/up.ts', importing('../batch/batch.service.js'), DIRECTION],
  ['upload → generation', 'src/upload/up.ts', importing('../generation/generation.service.js'), DIRECTION],
  ['a service → a generator', 'src/generation/pick.service.ts', importing('./generators/demo.generator.js'), DIRECTION],
  ['a service → a storage', 'src/upload/pick.service.ts', importing('./storages/local-disk.storage.js'), DIRECTION],
  ['app → a generator', 'src/pick.ts', importing('./generation/generators/demo.generator.js'), DIRECTION],
  ['a generator → batch', 'src/generation/generators/up.generator.ts', importing('../../batch/batch.service.js'), DIRECTION],
  ['a generator → its service', 'src/generation/generators/in.generator.ts', importing('../generation.service.js'), DIRECTION],
  ['a generator → another one', 'src/generation/generators/demo/it.ts', importing('../comfyui/client.js'), DIRECTION],
  ['a storage → database', 'src/upload/storages/up.storage.ts', importing('../../database/transaction.js'), DIRECTION],
  ['a module → app', 'src/generation/app.ts', importing('../app.module.js'), DIRECTION],
  ['app → cli', 'src/start.ts', importing('./cli/demo.js'), DIRECTION],
  ['src → test', 'src/generation/fake.ts', importing('../../test/database.js'), DIRECTION],
  ['a folder that is not in the diagram', 'src/helping/it.ts', 'export const it = 1;\n', DIRECTION],
  ['a barrel', 'src/batch/all.ts', "export { it } from './batch.service.js';\n", 'architecture(no-re-export)'],
  ['a barrel of everything', 'src/batch/rest.ts', "export * from './batch.service.js';\n", 'architecture(no-re-export)'],
  ['an index file', 'src/batch/index.ts', 'export const it = 1;\n', 'architecture(telling-names)'],
  ['a folder of utils', 'src/batch/utils/it.ts', 'export const it = 1;\n', 'architecture(telling-names)'],
  ['a file of types', 'test/types.ts', 'export type It = 1;\n', 'architecture(telling-names)'],
  ['a cycle', 'src/batch/hen.ts', "import { egg } from './egg.js';\nexport const hen = () => egg;\n", 'import(no-cycle)'],
  ['a cycle of types', 'src/upload/hen.ts', "import type { Egg } from './egg.js';\nexport type Hen = Egg | 1;\n", 'import(no-cycle)'],
  ['a default export', 'src/batch/default.ts', 'export default class It {}\n', 'import(no-default-export)'],
  ['a setting read elsewhere', 'src/batch/env.ts', 'export const it = process.env.HOME;\n', 'node(no-process-env)'],
  [
    'process as an import',
    'src/batch/env-import.ts',
    "import { env } from 'node:process';\nenv.it = '';\n",
    'eslint(no-restricted-imports)',
  ],
  ['any', 'src/batch/any.ts', 'export const it = (x: any) => x;\n', 'typescript(no-explicit-any)'],
];

/** Title, file and its text. */
const right = [
  ['its own files', 'src/batch/read.ts', importing('./rows/batch.entity.js')],
  ['its own files, from a folder within', 'src/batch/rows/read.ts', importing('../batch.service.js')],
  ['a foundation', 'src/indexing/indexing.service.ts', importing('../database/transaction.js')],
  ['queue → database', 'src/queue/ring.ts', importing('../database/transaction.js')],
  ['generation → batch', 'src/generation/make.service.ts', importing('../batch/batch.service.js')],
  ['characters → backends', 'src/characters/ask.service.ts', importing('../backends/backends.service.js')],
  ['audit → upload', 'src/audit/audit.service.ts', importing('../upload/asset-storage.js')],
  ['app → a module', 'src/app.module.ts', importing('./generation/generation.module.js')],
  ['cli → app', 'src/cli/demo.ts', importing('../main.js')],
  ['a module file → its generator', 'src/generation/generation.module.ts', importing('./generators/demo.generator.js')],
  ['a module file → its storage', 'src/upload/upload.module.ts', importing('./storages/local-disk.storage.js')],
  ['a generator → its port', 'src/generation/generators/ask.generator.ts', importing('../image-generator.js')],
  ['a generator → config', 'src/generation/generators/set.generator.ts', importing('../../config/config.js')],
  ['a generator → its own files', 'src/generation/generators/own.generator.ts', importing('./demo/painter.js')],
  ['a storage → the look at a picture', 'src/upload/storages/look.storage.ts', importing('../picture-format.js')],
  ['a unit test → a generator', 'src/generation/make.service.spec.ts', importing('./generators/demo.generator.js')],
  ['a test → everything', 'test/all.spec.ts', importing('../src/generation/generators/demo.generator.js')],
  ['a package', 'src/batch/package.ts', "import { v7 } from 'uuid';\nv7();\n"],
  ['the settings', 'src/config/env.ts', 'export const it = process.env.HOME;\n'],
  ['the settings of a command', 'src/cli/env.ts', 'export const it = process.env.HOME;\n'],
];

const egg = [
  ['src/batch/egg.ts', "import { hen } from './hen.js';\nexport const egg = () => hen;\n"],
  ['src/upload/egg.ts', "import type { Hen } from './hen.js';\nexport type Egg = Hen | 2;\n"],
];

describe('The lint rules of the architecture', () => {
  let faults: Map<string, string[]>;

  beforeAll(() => {
    faults = lint([...[...wrong, ...right].map(([, file, text]) => [file, text]), ...egg]);
  });

  it.each(wrong)('go red on %s (%s)', (_title, file, _text, rule) => {
    expect(faults.get(file)).toContain(rule);
  });

  it.each(right)('stay green on %s (%s)', (_title, file) => {
    expect(faults.get(file) ?? []).toEqual([]);
  });
});
