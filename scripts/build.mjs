// Builds what is stale: `node scripts/build.mjs [plugin] [shell] [server] [schemas] [cluster]`,
// all when none is named.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runMain, step, UserError } from './progress.mjs';
import { run } from './run.mjs';
import { schemaInputs, schemaOutput } from './schemaFiles.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const nativePackages = ['lmdb'];

/**
 * Bundles programs for Node. Packages stay outside, unless `packages` is "bundle": then they need not be looked up
 * and read one by one at each start, which takes half as long. What is native code is outside always.
 */
const bundle =
  (entryPoints, outdir, packages = 'external') =>
  async () => {
    const esbuild = await import('esbuild');
    await esbuild.build({
      absWorkingDir: root,
      entryPoints,
      outdir,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages,
      external: nativePackages,
      // CommonJS packages ask for Node's own modules by `require`.
      ...(packages === 'bundle' && {
        banner: {
          js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
        },
      }),
      sourcemap: true,
      logLevel: 'warning',
    });
  };
const webpack = (config) => () =>
  run(process.execPath, ['--import', 'tsx', 'scripts/webpack.mjs', config], { cwd: root });

/** What each program is made of (files and folders), what comes out, and how. */
const targets = {
  plugin: {
    inputs: ['src', 'locales', 'build', 'webpack.config.ts', 'console-extensions.json'],
    output: 'dist/plugin-manifest.json',
    make: webpack('webpack.config.ts'),
  },
  shell: {
    inputs: ['standalone/web', 'standalone/webpack.config.ts'],
    output: 'standalone/dist/web/entry-files.json',
    make: webpack('standalone/webpack.config.ts'),
  },
  server: {
    inputs: ['standalone/server'],
    output: 'standalone/dist/server/main.js',
    make: bundle(
      ['standalone/server/main.ts', 'standalone/server/createConsoleServer.ts'],
      'standalone/dist/server',
    ),
  },
  schemas: {
    inputs: schemaInputs,
    output: schemaOutput,
    // The TypeScript compiler takes a moment to load: only when there is something to do.
    make: async () => (await import('./schemas.mjs')).writeSchemas(),
  },
  cluster: {
    inputs: ['cluster/src'],
    output: 'cluster/dist/main.js',
    make: bundle(['cluster/src/main.ts'], 'cluster/dist', 'bundle'),
  },
};

function fingerprint(inputs) {
  const hash = createHash('sha256');
  const visit = (path) => {
    if (!existsSync(join(root, path))) return;
    const stat = statSync(join(root, path));
    if (stat.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name));
    } else {
      hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
    }
  };
  [
    ...inputs,
    'package.json',
    'package-lock.json',
    'tsconfig.base.json',
    'scripts/build.mjs',
  ].forEach(visit);
  return hash.digest('hex');
}

async function buildTarget(name) {
  const target = targets[name];
  const stamp = join(root, '.cache', 'build', name);
  const wanted = fingerprint(target.inputs);
  if (
    existsSync(join(root, target.output)) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === wanted
  ) {
    return;
  }
  // Without its stamp a build that is cut off is never taken for a whole one.
  if (existsSync(stamp)) unlinkSync(stamp);
  await target.make();
  mkdirSync(join(root, '.cache', 'build'), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Builds the named programs that are stale, side by side. */
export async function build(names = Object.keys(targets)) {
  const unknown = names.filter((name) => !(name in targets));
  if (unknown.length > 0) {
    throw new UserError(
      `there is no program "${unknown[0]}" to build; there are: ${Object.keys(targets).join(', ')}`,
    );
  }
  // The cluster reads the schemas when it runs.
  const all = new Set(names.flatMap((name) => (name === 'cluster' ? ['schemas', name] : [name])));
  await step(`Building ${names.join(', ')}`, () => Promise.all([...all].map(buildTarget)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runMain(() => build(process.argv.length > 2 ? process.argv.slice(2) : undefined));
}
