import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from 'webpack';

/** Puts `locales/<lng>/<namespace>.json` beside the scripts, where the console asks for them. */
export class CopyLocalesPlugin {
  constructor(private readonly folder: string) {}

  apply(compiler: Compiler): void {
    const name = CopyLocalesPlugin.name;
    compiler.hooks.thisCompilation.tap(name, (compilation) => {
      compilation.contextDependencies.add(this.folder);
      const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL;
      compilation.hooks.processAssets.tap({ name, stage }, () => {
        for (const file of readdirSync(this.folder, { recursive: true, encoding: 'utf8' })) {
          if (!file.endsWith('.json')) continue;
          const content = readFileSync(join(this.folder, file));
          compilation.emitAsset(`locales/${file}`, new compiler.webpack.sources.RawSource(content));
        }
      });
    });
  }
}
