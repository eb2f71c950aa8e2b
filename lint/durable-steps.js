import { join, relative, sep } from 'node:path';

/** Where a write is no step of the pipeline, and why. */
const NO_STEPS = [
  'database/migrations/', // before anything runs
  'database/embedded-postgres/', // the server itself
  'queue/heartbeat.ts', // says who lives, replaced after seconds
  'backends/backends.service.ts', // says what was seen lately, replaced after seconds
  'batch/previews.service.ts', // seen in passing, kept in no log
  'cli/', // clients
  'studio/page/', // a browser
];

/** The only files that may use what can change something elsewhere: each asks for a step's name wherever it does, or has one in its caller. */
const DOORS = {
  transaction: ['database/transaction.ts'],
  queues: ['queue/doorbell.ts'],
  fetch: ['generation/generators/comfyui/comfyui-api.ts'],
  cloudinary: ['upload/storages/cloudinary/cloudinary-client.ts'],
  files: ['upload/storages/local-disk/'],
};

const WRITING_SQL = [
  /\b(insert|merge)\s+into\s|\bdelete\s+from\s|\bupdate\s+\S+\s+(as\s+)?(\w+\s+)?set\s|\b(nextval|setval)\s*\(/i,
  /^\s*(truncate|copy|call)\s|^\s*(create|alter|drop)\s+(or\s|unlogged\s|unique\s|table|sequence|index|database|schema|type|function|trigger|view)/i,
];
const WRITING_METHODS = /^(insert|update|delete|upsert|save|remove|soft\w+|restore|recover|increment|decrement|clear|createQueryRunner)$/;
const WRITING_FILES =
  /^(writeFile|appendFile|rename|link|symlink|mkdir|rm|rmdir|unlink|copyFile|cp|truncate|open|createWriteStream)(Sync)?$/;

const NAME_IT =
  'This stays done when the process dies: do it in inTransaction() or durable(), under a name in src/durable/durable-steps.ts, so that a crash before and after it is tried.';

/** Refuses writes that are not part of a named durable step. */
const namedSteps = {
  create(context) {
    const file = relative(join(context.cwd, 'src'), context.filename).split(sep).join('/');
    if (file.startsWith('..') || /\.spec\.tsx?$/.test(file) || NO_STEPS.some((place) => file.startsWith(place))) return {};
    const isDoor = (kind) => DOORS[kind].some((place) => file.startsWith(place));
    const refuse = (node) => context.report({ node, message: NAME_IT });
    const text = (node) => context.sourceCode.getText(node);
    const checkSql = (node, sql) => WRITING_SQL.some((write) => write.test(sql)) && !isNamed(node, text) && refuse(node);
    return {
      Literal: (node) => typeof node.value === 'string' && checkSql(node, node.value),
      TemplateLiteral: (node) => checkSql(node, node.quasis.map(({ value }) => value.raw).join('x')),
      CallExpression: (node) => makesStep(node, text, isDoor) && !isNamed(node, text) && refuse(node),
      ImportDeclaration: (node) => opensDoor(node, isDoor) && refuse(node),
    };
  },
};

/** Within a transaction, or within `durable(…)`. */
function isNamed(node, text) {
  for (let at = node; at; at = at.parent) {
    if (at.type !== 'CallExpression') continue;
    const callee = text(at.callee);
    if (callee === 'durable' || /(^|\.)tx(\.|$)/.test(callee)) return true;
  }
  return false;
}

function makesStep({ callee }, text, isDoor) {
  if (callee.type === 'Identifier') return callee.name === 'fetch' && !isDoor('fetch');
  const method = callee.property?.name;
  if (method === undefined) return false;
  const on = text(callee.object);
  if (method === 'transaction') return !isDoor('transaction');
  if (method === 'addBulk' || (method === 'create' && /\bstorage$/i.test(on))) return true;
  return (
    WRITING_METHODS.test(method) &&
    /(manager|dataSource|repository|repositories|getRepository\(.*\)|createQueryBuilder\(.*\).*)$/is.test(on)
  );
}

function opensDoor({ source, specifiers, importKind }, isDoor) {
  if (importKind === 'type') return false;
  const names = specifiers.map(({ imported }) => imported?.name ?? '*');
  if (source.value === 'bullmq' && names.includes('Queue')) return !isDoor('queues');
  if (source.value === 'cloudinary') return !isDoor('cloudinary');
  if (/^(node:)?fs(\/promises)?$/.test(source.value))
    return names.some((name) => name === '*' || WRITING_FILES.test(name)) && !isDoor('files');
  return (
    /^(node:https?|axios|undici|got|node-fetch)$/.test(source.value) && names.some((name) => /^(request|get|fetch|default|\*)$/.test(name))
  );
}

export default { meta: { name: 'durable' }, rules: { 'named-steps': namedSteps } };
