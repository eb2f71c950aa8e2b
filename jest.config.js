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
  'listr2',
  'uuid',
  'p-retry',
  'is-network-error',
  'p-queue',
  'p-timeout',
];

export default {
  testEnvironment: '<rootDir>/test/node.environment.mjs',
  globalSetup: '<rootDir>/test/database.setup.mjs',
  globalTeardown: '<rootDir>/test/database.teardown.mjs',
  testTimeout: 30_000,
  maxWorkers: 2,
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/bench'],
  testMatch: ['**/*.spec.ts'],
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
