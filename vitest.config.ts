import { defineConfig } from 'vitest/config';

/**
 * The contract tests that together go through every controller. They run with the parts over HTTPS, each with its own
 * rights only; all others run with the parts in the process of the API, as `npm start` does.
 */
const controllerTests = [
  ...[
    'runStrategies',
    'dataVolumes',
    'volumes',
    'deletion',
    'scheduling',
    'pool',
    'replicaSet',
    'quota',
  ],
  ...['operators', 'migration', 'eviction', 'nodeLife', 'services', 'hotplug', 'liveUpdate'],
  ...[
    'snapshots',
    'clones',
    'exports',
    'memoryDump',
    'templates',
    'networks',
    'eventExpiry',
    'missingSources',
  ],
]
  .map((name) => `kubevirt/${name}`)
  .concat(['cdi/dataImportCrons', 'cdi/populators'])
  .map((name) => `cluster/test/${name}.test.ts`);

/** What is polled for may take this long on a busy machine; one second is vitest's own. */
const patience = { poll: { timeout: 30_000 } };

export default defineConfig({
  resolve: { alias: { '~': new URL('./src', import.meta.url).pathname } },
  test: {
    maxWorkers: 2,
    minWorkers: 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'cluster/src/**/*.test.ts'],
          exclude: ['src/dist.test.ts', 'src/**/*.contract.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        // Needs the built plugin.
        extends: true,
        test: { name: 'dist', include: ['src/dist.test.ts'], testTimeout: 30_000 },
      },
      {
        // Needs QEMU, kubectl and the built console.
        extends: true,
        test: {
          name: 'contract',
          globalSetup: 'scripts/buildSchemas.mjs',
          include: [
            'cluster/test/**/*.test.ts',
            'standalone/test/**/*.test.ts',
            'deploy/test/**/*.test.ts',
            'src/**/*.contract.test.ts',
          ],
          exclude: controllerTests,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: patience,
        },
      },
      {
        extends: true,
        test: {
          name: 'contract-https',
          globalSetup: 'scripts/buildSchemas.mjs',
          include: controllerTests,
          env: { CONTROL_PLANE: 'https' },
          testTimeout: 180_000,
          expect: patience,
        },
      },
    ],
  },
});
