import { dirname, join, relative, sep } from 'node:path';

/** Small, importable by every module, importing none of them. */
const foundations = ['api', 'auth', 'config', 'database', 'durable', 'queue'];

/** What each folder of `src` may import besides itself: the module diagram of docs/architecture.md. A folder that is not here is refused. */
const mayImport = {
  config: [],
  durable: [],
  api: ['config'],
  auth: ['config', 'api'],
  database: ['config', 'durable'],
  queue: ['config', 'database', 'durable'],

  batch: foundations,
  backends: foundations,
  indexing: foundations,
  characters: [...foundations, 'backends', 'indexing'],
  upload: [...foundations, 'batch'],
  generation: [...foundations, 'backends', 'batch', 'characters', 'indexing', 'upload'],
  audit: [...foundations, 'batch', 'indexing', 'upload'],
  metrics: [...foundations, 'backends'],
  studio: ['config'],
  dashboard: [...foundations, 'studio'],
};
const everything = Object.keys(mayImport);

// The files directly in `src` put the application together; only they and the commands may know it.
mayImport.app = everything;
mayImport.cli = [...everything, 'app'];

/** Folders of adapters: what of our own they may import besides `config`, `durable` and themselves, and the one file that may import them. */
const adapters = [
  {
    folder: 'generation/generators',
    ports: ['generation/image-generator', 'generation/workflows', 'characters/embedding-words'],
    module: 'generation/generation.module',
  },
  { folder: 'upload/storages', ports: ['upload/asset-storage', 'upload/picture-format'], module: 'upload/upload.module' },
];

/** Enforces the one direction of imports, adapters included, for static, dynamic and type imports. */
const importDirection = {
  create(context) {
    const file = fromSource(context, context.filename);
    if (file === null) return {};
    if (!mayImport[moduleOf(file)]) return { Program: (node) => context.report({ node, message: unknownFolder(file) }) };
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return;
      const message = faultOf(file, fromSource(context, join(dirname(context.filename), specifier)));
      if (message) context.report({ node: node.source, message });
    };
    return { ImportDeclaration: check, ImportExpression: check, TSImportType: check };
  },
};

/** Refuses to pass on what another file declares: every import names the file where its subject stands. */
const noReExport = {
  create(context) {
    const check = (node) => {
      if (node.source) context.report({ node, message: 'Do not export from another file: whoever needs it imports it from there.' });
    };
    return { ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

/** Refuses names that say nothing about what is inside. */
const tellingNames = {
  create(context) {
    const names = relative(context.cwd, context.filename).split(sep);
    const vague = names.find((name) => /^(index|utils?|common|helpers?|types|interfaces|constants)(\..*)?$/.test(name));
    return vague
      ? { Program: (node) => context.report({ node, message: `"${vague}" does not tell what is inside: name it after that.` }) }
      : {};
  },
};

/** `batch/batch.service` for src/batch/batch.service.ts; null for what lies outside `src`. */
function fromSource(context, path) {
  const inside = relative(join(context.cwd, 'src'), path).split(sep).join('/');
  return inside.startsWith('..') ? null : inside.replace(/\.[jt]sx?$/, '');
}

function moduleOf(file) {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : 'app';
}

function faultOf(file, target) {
  if (target === null) return 'Nothing in src imports what lies outside of it.';
  const [from, to] = [moduleOf(file), moduleOf(target)];
  if (from !== to && !mayImport[from].includes(to))
    return `${from} must not import ${to}; it may import ${mayImport[from].join(', ') || 'no other module'}.`;
  return faultOfAdapter(file, target) ?? faultOfAdapterUse(file, target);
}

function faultOfAdapter(file, target) {
  const adapter = adapters.find(({ folder }) => within(folder, file));
  if (!adapter || isSpec(file)) return undefined;
  const own = dirname(file) === adapter.folder ? adapter.folder : file.split('/').slice(0, 3).join('/');
  if (
    within(own, target) ||
    ['config', 'durable'].some((folder) => within(folder, target)) ||
    adapter.ports.some((port) => target === port || within(port, target))
  )
    return undefined;
  return `An adapter imports its port (${adapter.ports.join(', ')}), config, durable and its own files, nothing else.`;
}

function faultOfAdapterUse(file, target) {
  const adapter = adapters.find(({ folder }) => within(folder, target));
  if (!adapter || within(adapter.folder, file) || file === adapter.module || isSpec(file)) return undefined;
  return `Adapters are named in ${adapter.module}.ts alone; depend on the port (${adapter.ports[0]}).`;
}

function within(folder, file) {
  return file.startsWith(`${folder}/`);
}

function isSpec(file) {
  return file.endsWith('.spec');
}

function unknownFolder(file) {
  return `The folder "${moduleOf(file)}" has no place in the module diagram: add it in lint/architecture.js and docs/architecture.md.`;
}

export default {
  meta: { name: 'architecture' },
  rules: { 'import-direction': importDirection, 'no-re-export': noReExport, 'telling-names': tellingNames },
};
