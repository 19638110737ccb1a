import { resolve } from 'node:path';
import { ConsoleRemotePlugin } from '@openshift-console/dynamic-plugin-sdk-webpack';
import MiniCssExtractPlugin from 'mini-css-extract-plugin';
import webpack, { type Configuration } from 'webpack';
import { CopyLocalesPlugin } from './build/CopyLocalesPlugin.ts';
import { EitherEntryCallbackPlugin } from './build/EitherEntryCallbackPlugin.ts';
import packageJson from './package.json' with { type: 'json' };

const root = import.meta.dirname;

export default function config({ mode }: { mode: 'production' | 'development' }): Configuration {
  const production = mode === 'production';
  // ConsoleRemotePlugin chooses the entry's name by this.
  process.env['NODE_ENV'] = mode;
  const name = production ? '[name].[contenthash:12].min' : '[name]';
  return {
    mode,
    context: root,
    // The plugin has no entry of its own: ConsoleRemotePlugin makes one of the exposed modules.
    entry: {},
    output: {
      path: resolve(root, 'dist'),
      filename: `${name}.js`,
      chunkFilename: `${name}.js`,
      assetModuleFilename: `assets/${production ? '[name].[contenthash:12]' : '[name]'}[ext]`,
      clean: true,
    },
    resolve: {
      extensions: ['.tsx', '.ts', '.js'],
      alias: {
        '~': resolve(root, 'src'),
        'react-dom$': resolve(root, 'src/console/reactDom.ts'),
      },
      // Of Node, for pipes that the SSH client never opens.
      fallback: { crypto: false, net: false, os: false, path: false },
    },
    module: {
      // A library that wants more of react-dom than we offer fails the build, not the page.
      parser: { javascript: { exportsPresence: 'error' } },
      rules: [
        {
          test: /\.tsx?$/,
          exclude: /node_modules/,
          loader: 'swc-loader',
          options: {
            jsc: {
              parser: { syntax: 'typescript', tsx: true },
              transform: { react: { runtime: 'automatic' } },
              target: 'es2022',
            },
          },
        },
        { test: /\.css$/, use: [MiniCssExtractPlugin.loader, 'css-loader'] },
      ],
    },
    plugins: [
      new ConsoleRemotePlugin({
        // Consoles have PatternFly versions of their own, or share none (4.19 to 4.21). The plugin
        // looks and weighs the same in all of them with its own copy, of which only what is used is
        // bundled; shared one by one, each component would be a request.
        sharedDynamicModuleSettings: { packageSpecs: {} },
      }),
      new EitherEntryCallbackPlugin({ entry: /^plugin-entry\./, version: packageJson.version }),
      // The SSH client's cryptography on Node; in a browser it takes Web Cryptography.
      new webpack.IgnorePlugin({
        resourceRegExp: /^\.\/node\//,
        contextRegExp: /dev-tunnels-ssh\/algorithms$/,
      }),
      // Some of its modules take Node's for granted.
      new webpack.ProvidePlugin({ Buffer: ['buffer', 'Buffer'] }),
      new CopyLocalesPlugin(resolve(root, 'locales')),
      new MiniCssExtractPlugin({ filename: `${name}.css`, chunkFilename: `${name}.css` }),
    ],
    devtool: production ? false : 'source-map',
    performance: { hints: false },
  };
}
