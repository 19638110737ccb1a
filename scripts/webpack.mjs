// Runs webpack on a configuration: `node --import tsx scripts/webpack.mjs CONFIG [development]`.
import { pathToFileURL } from 'node:url';

import webpack from 'webpack';

const [configFile, mode = 'production'] = process.argv.slice(2);
process.env.NODE_ENV = mode;

const { default: configuration } = await import(pathToFileURL(configFile).href);
const compiler = webpack(
  typeof configuration === 'function' ? await configuration({ mode }) : configuration,
);
compiler.run((error, stats) => {
  if (error || stats?.hasErrors()) {
    console.error(error ?? stats.toString({ preset: 'errors-only', colors: false }));
    process.exitCode = 1;
  }
  compiler.close(() => undefined);
});
