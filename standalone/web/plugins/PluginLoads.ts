import { PluginEventType, PluginStore, type PluginManifest } from '@openshift/dynamic-plugin-sdk';
import type { CodeRef, Extension } from '@openshift/dynamic-plugin-sdk';
import { t } from '../i18n.ts';
import { discovery } from '../k8s/Discovery.ts';
import { serverFlags } from '../serverFlags.ts';
import { isFlagHandler, isModelFlag } from './extensions.ts';

/** How far the plugins are. `failed` holds what the error page says. */
export type PluginLoadState =
  | { state: 'loading' }
  | { state: 'ready' }
  | { state: 'failed'; failures: readonly { plugin: string; message: string }[] };

const flagRetryMs = 5_000;

/**
 * Loads the plugins that the server names, and feeds the feature flags that their extensions ask
 * for. Pages wait until the model flags are known, so that a reload of a page that hangs on one does
 * not first say "not found".
 */
export class PluginLoads {
  readonly store: PluginStore;
  private current: PluginLoadState = { state: 'loading' };
  private readonly listeners = new Set<() => void>();
  private readonly askedFlags = new Set<string>();
  private readonly handledFlags = new Set<CodeRef>();

  constructor(sharedScope: Record<string, unknown>) {
    this.store = new PluginStore({
      loaderOptions: {
        sharedScope,
        customDependencyResolutions: { '@console/pluginAPI': serverFlags().releaseVersion },
        fetchImpl: fetchPluginFile,
        transformPluginManifest: withSameOrigin,
      },
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): PluginLoadState => this.current;

  /** `before` is what pages need besides (styles, texts); they wait until it has settled. */
  async load(before: Promise<unknown> = Promise.resolve()): Promise<void> {
    this.set({ state: 'loading' });
    const failures: { plugin: string; message: string }[] = [];
    await Promise.all(
      serverFlags().consolePlugins.map(async (plugin) => {
        try {
          await this.store.loadPlugin(
            `${location.origin}/api/plugins/${plugin}/plugin-manifest.json`,
          );
        } catch (error) {
          failures.push({ plugin, message: describe(error) });
          return;
        }
        const info = this.store.getPluginInfo().find(({ manifest }) => manifest.name === plugin);
        if (info?.status === 'failed')
          failures.push({ plugin, message: describe(info.errorMessage, info.errorCause) });
        else if (info?.status !== 'loaded')
          failures.push({
            plugin,
            message: t('The manifest is not that of a plugin "{{plugin}}".', { plugin }),
          });
      }),
    );
    if (failures.length > 0) this.set({ state: 'failed', failures });
    else {
      await Promise.all([this.feedFlags(), before]);
      this.store.subscribe([PluginEventType.ExtensionsChanged], () => void this.feedFlags());
      this.set({ state: 'ready' });
    }
  }

  private async feedFlags(): Promise<void> {
    const extensions: Extension[] = this.store.getExtensions();
    for (const { properties } of extensions.filter(isFlagHandler)) {
      if (this.handledFlags.has(properties.handler)) continue;
      this.handledFlags.add(properties.handler);
      void properties.handler().then(
        (handler) => handler((flag, enabled) => this.store.setFeatureFlags({ [flag]: enabled })),
        (error: unknown) => this.fail(t('A flag handler'), error),
      );
    }
    await Promise.all(
      extensions
        .filter(isModelFlag)
        .filter(({ properties }) => !this.askedFlags.has(properties.flag))
        .map(({ properties: { flag, model } }) => {
          this.askedFlags.add(flag);
          return this.askModelFlag(flag, model);
        }),
    );
  }

  /** Resolves when the question was answered or has failed once; then it is asked on and on. */
  private async askModelFlag(
    flag: string,
    model: { group: string; version: string; kind: string },
  ): Promise<void> {
    try {
      const found = await discovery.model(model);
      this.store.setFeatureFlags({ [flag]: found !== undefined });
    } catch {
      // The banner tells that the API server does not answer; unknown counts as present, so that
      // a page stays what it is while the connection is down.
      this.store.setFeatureFlags({ [flag]: true });
      setTimeout(() => void this.askModelFlag(flag, model), flagRetryMs);
    }
  }

  private fail(what: string, error: unknown): void {
    this.set({ state: 'failed', failures: [{ plugin: what, message: describe(error) }] });
  }

  private set(next: PluginLoadState): void {
    this.current = next;
    for (const listener of this.listeners) listener();
  }
}

async function fetchPluginFile(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.ok) return response;
  const text = await response.text();
  let message = `${response.status} ${response.statusText}`;
  try {
    message = (JSON.parse(text) as { message?: string }).message ?? message;
  } catch {
    // Not from our server; the status says enough.
  }
  throw new Error(message);
}

/** A manifest's base URL is a path on the console's origin. */
function withSameOrigin<T extends PluginManifest>(manifest: T): T {
  if (!('baseURL' in manifest) || typeof manifest.baseURL !== 'string') return manifest;
  return { ...manifest, baseURL: new URL(manifest.baseURL, location.origin).href };
}

/** All that an error and its causes say, once each. */
function describe(error: unknown, cause?: unknown): string {
  const parts: string[] = [];
  for (let next: unknown = error; next !== undefined && next !== null;) {
    const text =
      next instanceof Error ? next.message : typeof next === 'string' ? next : JSON.stringify(next);
    if (text && !parts.includes(text)) parts.push(text);
    next = next instanceof Error ? next.cause : undefined;
  }
  if (cause !== undefined) parts.push(describe(cause));
  return parts.join(': ');
}
