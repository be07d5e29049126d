import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } } },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The compiled package has the project's name.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // Not where TMPDIR says, so that compiled sources are found again.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // One more than the default: most tests wait for timers and for other processes. With more, receivers wait for their
  // turn for longer than the vendor would.
  maxWorkers: availableParallelism(),
  testSequencer: '<rootDir>/test/support/slow-first.cjs',
  // A process that starts within a second may take ten on a busy machine.
  testTimeout: 180_000,
  reporters: ['default', '<rootDir>/test/support/count-reporter.cjs'],
};
