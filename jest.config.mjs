import { readdirSync } from 'node:fs';

const libraries = readdirSync('libs').join('|');

const swc = {
  swcrc: false,
  sourceMaps: 'inline',
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
  module: { type: 'es6' },
};

/** One kind of test: same compiler and names everywhere, only the places and the surroundings differ. */
const project = (displayName, options) => ({
  displayName,
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    [`^#(${libraries})$`]: '<rootDir>/libs/$1/src/index.ts',
    '^#migrations$': '<rootDir>/migrations/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  ...options,
});

const withPostgres = {
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
};
const short = { testPathIgnorePatterns: ['/node_modules/', '\\.long\\.spec\\.ts$'] };

export default {
  reporters: ['default', '<rootDir>/test/summary-reporter.mjs'],
  testTimeout: 30_000,
  projects: [
    project('unit', {
      testMatch: ['<rootDir>/{apps,libs}/**/*.spec.ts', '<rootDir>/test/faults/checker.spec.ts'],
      ...short,
      ...withPostgres,
    }),
    project('promises', { testMatch: ['<rootDir>/test/promises/**/*.spec.ts'], ...short, ...withPostgres }),
    project('browser', { testMatch: ['<rootDir>/test/browser/**/*.spec.ts'], ...short }),
    // `npm run test:long` runs these: they cut power, take machines away, change real directories for many rounds.
    project('long', {
      testMatch: ['<rootDir>/{apps,libs,test/promises}/**/*.long.spec.ts'],
      ...withPostgres,
    }),
    project('long-browser', { testMatch: ['<rootDir>/test/browser/**/*.long.spec.ts'] }),
    // Each of them breaks the product on purpose; `npm run test:promises -- --checker` runs them.
    project('faults', { testMatch: ['<rootDir>/test/faults/broken-builds.spec.ts'] }),
  ],
};
