import type { Compiler, sources } from 'webpack';

const callback = '__load_plugin_entry__';

/**
 * Lets one build load in all consoles from 4.19 on. Consoles from 4.22 on define
 * `__load_plugin_entry__(name, entry)`; before it was `loadPluginEntry('name@version', entry)`. The
 * SDK's webpack plugin writes a call of the former; this makes it a call of whichever exists. Works
 * before minification, so that it depends on nothing but the SDK's own text.
 */
export class EitherEntryCallbackPlugin {
  constructor(private readonly options: { entry: RegExp; version: string }) {}

  apply(compiler: Compiler): void {
    const name = EitherEntryCallbackPlugin.name;
    compiler.hooks.thisCompilation.tap(name, (compilation) => {
      const { Compilation } = compiler.webpack;
      // The SDK's PatchEntryCallbackPlugin works at OPTIMIZE.
      const stage = Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE + 1;
      compilation.hooks.processAssets.tap({ name, stage }, (assets) => {
        const entries = Object.keys(assets).filter((file) => this.options.entry.test(file));
        if (entries.length !== 1) {
          throw new Error(`Expected one plugin entry, found ${entries.length}: ${entries.join()}`);
        }
        entries.forEach((file) => {
          compilation.updateAsset(file, (source) =>
            this.#patched(new compiler.webpack.sources.ReplaceSource(source)),
          );
        });
      });
    });
  }

  #patched(source: sources.ReplaceSource): sources.Source {
    const at = source.original().source().toString().indexOf(`${callback}(`);
    if (at < 0) throw new Error(`The plugin entry does not call ${callback}.`);
    source.replace(at, at + callback.length - 1, this.#either());
    return source;
  }

  #either(): string {
    const version = JSON.stringify(`@${this.options.version}`);
    return (
      `((id, entry) => self.${callback} ? self.${callback}(id, entry) ` +
      `: self.loadPluginEntry(id + ${version}, entry))`
    );
  }
}
