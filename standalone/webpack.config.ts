import { transform } from 'esbuild';
import MiniCssExtractPlugin from 'mini-css-extract-plugin';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import webpack, { type Compiler, type Configuration } from 'webpack';

const root = dirname(fileURLToPath(import.meta.url));

/** The console version whose plugin API the shell implements; the server says the same. */
const pluginApiVersion = '4.22.0';

const singleton = { singleton: true, eager: true };
const router = { ...singleton, import: 'react-router', packageName: 'react-router' };

/**
 * What plugins get from the console, as consoles 4.22 and later advertise it
 * (openshift/console, dynamic-plugin-sdk-webpack, shared-modules). The eager ones are in the first
 * chunk because the shell needs them itself; the others load when a plugin asks.
 */
const shared = {
  react: singleton,
  'react-i18next': singleton,
  'react-router': singleton,
  'react-router-dom': { ...router, requiredVersion: false, version: '7.13.1' },
  'react-router-dom-v5-compat': { ...router, requiredVersion: false, version: '7.13.1' },
  'react-redux': { singleton: true },
  redux: { singleton: true },
  'redux-thunk': { singleton: true },
  '@openshift/dynamic-plugin-sdk': singleton,
  '@openshift-console/dynamic-plugin-sdk': {
    ...singleton,
    import: join(root, 'web/sdk/dynamicPluginSdk.ts'),
    requiredVersion: false,
    version: pluginApiVersion,
  },
} as const;

/** Writes down which files the page has to load, for the server that renders it. */
class EntryFilesPlugin {
  apply(compiler: Compiler): void {
    compiler.hooks.thisCompilation.tap('EntryFilesPlugin', (compilation) => {
      compilation.hooks.processAssets.tap(
        { name: 'EntryFilesPlugin', stage: webpack.Compilation.PROCESS_ASSETS_STAGE_REPORT },
        () => {
          const files = compilation.entrypoints.get('main')?.getFiles() ?? [];
          const later = compilation.namedChunkGroups.get('bootstrap')?.getFiles() ?? [];
          const isScript = (file: string) => file.endsWith('.js');
          const isStyle = (file: string) => file.endsWith('.css');
          const content = {
            scripts: files.filter(isScript),
            // Styles of the shell come with the page, so that nothing is painted without them.
            styles: [...files, ...later].filter(isStyle),
            preload: later.filter(isScript),
          };
          compilation.emitAsset(
            'entry-files.json',
            new webpack.sources.RawSource(JSON.stringify(content, null, 2)),
          );
        },
      );
    });
  }
}

/** Takes the white space out of styles, a third of their bytes. */
class MinifyStylesPlugin {
  apply(compiler: Compiler): void {
    compiler.hooks.thisCompilation.tap('MinifyStylesPlugin', (compilation) => {
      compilation.hooks.processAssets.tapPromise(
        {
          name: 'MinifyStylesPlugin',
          stage: webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE,
        },
        async (assets) => {
          for (const [name, source] of Object.entries(assets)) {
            if (!name.endsWith('.css')) continue;
            const { code } = await transform(String(source.source()), {
              loader: 'css',
              minify: true,
            });
            compilation.updateAsset(name, new webpack.sources.RawSource(code));
          }
        },
      );
    });
  }
}

/** Builds the shell of the standalone console into dist/web/. */
export default function config({
  mode = 'production',
}: { mode?: 'production' | 'development' } = {}): Configuration {
  const isProduction = mode === 'production';
  return {
    mode,
    context: root,
    entry: { main: './web/index.ts' },
    // No eval: the page's content security policy does not allow it.
    devtool: 'source-map',
    output: {
      path: join(root, 'dist/web'),
      publicPath: '/',
      filename: '[name].[contenthash:12].js',
      chunkFilename: '[name].[contenthash:12].js',
      assetModuleFilename: 'assets/[name].[contenthash:12][ext]',
      uniqueName: 'virtdeck-console',
      clean: true,
    },
    resolve: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      alias: {
        // i18next is not shared; the shell's copy must be the one that it initialises.
        'react-router-dom$': 'react-router',
        'react-router-dom-v5-compat$': 'react-router',
      },
    },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          exclude: /node_modules/,
          loader: 'swc-loader',
          options: {
            jsc: {
              parser: { syntax: 'typescript', tsx: true },
              target: 'es2022',
              transform: { react: { runtime: 'automatic' } },
            },
          },
        },
        {
          test: /\.css$/,
          use: [
            MiniCssExtractPlugin.loader,
            { loader: 'css-loader', options: { sourceMap: false } },
          ],
          sideEffects: true,
        },
        { test: /\.(woff2|svg|png|jpg)$/, type: 'asset/resource' },
      ],
    },
    plugins: [
      new webpack.sharing.SharePlugin({ shared }),
      new MiniCssExtractPlugin({
        filename: '[name].[contenthash:12].css',
        chunkFilename: '[name].[contenthash:12].css',
        // Rules of PatternFly's components do not overlap.
        ignoreOrder: true,
      }),
      new EntryFilesPlugin(),
      ...(isProduction ? [new MinifyStylesPlugin()] : []),
    ],
    optimization: { chunkIds: isProduction ? 'deterministic' : 'named' },
    performance: { hints: false },
  };
}
