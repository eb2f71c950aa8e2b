import { spawnSync } from 'node:child_process';

// Nest and its friends are ESM; Jest cannot load ESM from CommonJS plugins on Node 20, so everything is turned into CommonJS.
const esmPackages = [
  '@nestjs',
  '@apollo/server',
  '@as-integrations',
  '@whatwg-node',
  'graphql-ws',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@borewit',
  '@tokenizer',
  'jose',
  'uuid',
  'p-retry',
  'is-network-error',
  'p-queue',
  'p-timeout',
];

/** The specs in test/redis need a redis-server; only `.ci/run` insists on one. */
const withoutRedis = !process.env.CI && spawnSync('redis-server', ['--version']).error !== undefined;
if (withoutRedis && !process.env.JEST_WORKER_ID) {
  process.stderr.write('There is no redis-server here: the specs in test/redis are SKIPPED. Install Redis to run them.\n');
}

export default {
  testEnvironment: '<rootDir>/test/node.environment.mjs',
  globalSetup: '<rootDir>/test/database.setup.mjs',
  globalTeardown: '<rootDir>/test/database.teardown.mjs',
  // Ends what hangs, also where other work keeps the processors busy; how fast things are is measured in bench.
  testTimeout: 180_000,
  maxWorkers: 2,
  // Those that run at once within a file start processes of their own.
  maxConcurrency: 3,
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/bench'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(withoutRedis ? ['/test/redis/'] : [])],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'commonjs' },
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
};
