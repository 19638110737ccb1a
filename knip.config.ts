import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  // Used only where they are declared, but part of what a module says of itself.
  ignoreExportsUsedInFile: true,
  workspaces: {
    '.': {
      entry: [
        // Loaded by the host, by name.
        'src/features/*/*Page.tsx',
        'scripts/*.mjs',
        'benchmarks/run.ts',
        'docs/pictures.ts',
        'integration-tests/**/*.spec.ts',
      ],
      project: [
        'src/**/*.{ts,tsx}',
        'scripts/**',
        'build/**',
        'benchmarks/**',
        'integration-tests/**',
      ],
      ignoreDependencies: [
        // Loaded by `node --import`.
        'tsx',
        // Holds vitest to the release that npm 10 can install.
        'vite',
      ],
      ignoreBinaries: ['kubectl', 'dpkg-query', 'qemu-img', 'genisoimage', 'nginx', 'openssl'],
      // An alias of react-dom in webpack.config.ts.
      ignore: ['src/console/reactDom.ts'],
    },
    cluster: {
      ignoreBinaries: ['kubectl', 'qemu-img', 'qemu-nbd', 'mount', 'umount'],
      entry: ['src/main.ts', 'test/**/*.ts'],
      project: ['src/**/*.ts', 'test/**/*.ts'],
    },
    standalone: {
      // In the share scope, for plugins.
      ignoreDependencies: ['react-redux', 'redux', 'redux-thunk'],
      entry: [
        'server/{main,createConsoleServer}.ts',
        'test/**/*.ts',
        'web/sdk/dynamicPluginSdk.ts',
      ],
      project: ['{web,server,test}/**/*.{ts,tsx}', '*.ts'],
    },
  },
};

export default config;
