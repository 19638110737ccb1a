import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../package.json';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const sources = fileURLToPath(new URL('.', import.meta.url));
const require = createRequire(import.meta.url);

type Container = {
  init(scope: object): void | Promise<void>;
  get(module: string): Promise<() => Record<string, unknown>>;
};
type Manifest = {
  name: string;
  version: string;
  baseURL: string;
  loadScripts: string[];
  registrationMethod: string;
  dependencies: Record<string, string>;
  extensions: { type: string; properties: Record<string, unknown> }[];
};

function read(file: string): string {
  return readFileSync(join(dist, file), 'utf8');
}

/** All `$codeRef` texts anywhere in a value. */
function codeRefs(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$codeRef' && typeof inner === 'string' ? [inner] : codeRefs(inner),
  );
}

/** What the host shares, as loaded from node_modules; the SDK's code exists in a console only. */
const sharedModules: Record<string, () => unknown> = {
  react: () => require('react') as unknown,
  'react-i18next': () => require('react-i18next') as unknown,
  'react-router-dom-v5-compat': () => require('react-router-dom-v5-compat') as unknown,
  '@openshift-console/dynamic-plugin-sdk': () => ({}),
};

type Host = { id: string; container: Container; requested: Set<string>; scope: object };

/** A host that loads plugin scripts into a context of their own, as a browser would. */
function loadInHost(callback: string, entry: string, versionKey: (name: string) => string): Host {
  let registered: { id: string; container: Container } | undefined;
  const requested = new Set<string>();
  const append = (element: { src?: string; href?: string; onload?: (event: object) => void }) => {
    const file = element.src?.replace(`/api/plugins/${packageJson.consolePlugin.name}/`, '');
    if (file !== undefined) vm.runInContext(read(file), context, { filename: file });
    setTimeout(() => element.onload?.({ type: 'load' }));
  };
  const document = {
    head: { appendChild: append },
    createElement: (tag: string) => ({ tagName: tag, setAttribute: () => undefined, style: {} }),
    getElementsByTagName: () => [],
    querySelectorAll: () => [],
    addEventListener: () => undefined,
    documentElement: { style: {} },
  };
  const globals: Record<string, unknown> = {
    document,
    location: { href: 'https://console.example/' },
    navigator: { userAgent: 'test', platform: 'test' },
    addEventListener: () => undefined,
    ...{
      setTimeout,
      clearTimeout,
      console,
      URL,
      URLSearchParams,
      TextEncoder,
      TextDecoder,
      queueMicrotask,
    },
    [callback]: (id: string, container: Container) => {
      registered = { id, container };
    },
  };
  globals['self'] = globals;
  globals['window'] = globals;
  const context = vm.createContext(globals);
  vm.runInContext(read(entry), context, { filename: entry });
  if (registered === undefined) throw new Error(`The entry did not call ${callback}`);
  const scope = Object.fromEntries(
    Object.entries(sharedModules).map(([name, load]) => [
      name,
      {
        [versionKey(name)]: {
          loaded: 1,
          from: 'host',
          get: () => {
            requested.add(name);
            return Promise.resolve(load);
          },
        },
      },
    ]),
  );
  return { ...registered, requested, scope };
}

/** Text that is in a library whatever a minifier does to it. */
const signatures = {
  react: 'takes an object of state variables to update',
  'react-dom': 'error-decoder.html',
  'react-redux': 'react-redux-context',
  redux: 'Minified Redux error',
  i18next: 'i18next is already initialized',
  'react-i18next': 'NO_I18NEXT_INSTANCE',
  'react-router': 'may be used only in the context of a <Router>',
};

let manifest: Manifest;
let entry: string;
let scripts: string[];

beforeAll(() => {
  if (!existsSync(join(dist, 'plugin-manifest.json'))) {
    throw new Error('There is no dist/ yet. Build it first: npm run build');
  }
  manifest = JSON.parse(read('plugin-manifest.json')) as Manifest;
  entry = manifest.loadScripts[0] ?? '';
  scripts = readdirSync(dist).filter((file) => file.endsWith('.js'));
});

describe('the manifest', () => {
  it('is what consoles from 4.19 to 5.x accept', () => {
    expect(manifest).toMatchObject({
      name: 'virtdeck',
      version: packageJson.version,
      baseURL: '/api/plugins/virtdeck/',
      registrationMethod: 'callback',
      dependencies: { '@console/pluginAPI': '>=4.19.0-0' },
    });
    expect(manifest.loadScripts).toHaveLength(1);
  });

  it('refers to exposed modules only', () => {
    const modules = codeRefs(manifest.extensions).map((reference) => reference.split('.')[0]);
    expect(modules.length).toBeGreaterThan(0);
    for (const name of modules) {
      expect(Object.keys(packageJson.consolePlugin.exposedModules)).toContain(name);
    }
  });

  it('uses texts that the locale files have', () => {
    const texts = [...JSON.stringify(manifest.extensions).matchAll(/%plugin__virtdeck~([^%]+)%/g)];
    const locale = JSON.parse(read('locales/en/plugin__virtdeck.json')) as Record<string, string>;
    expect(texts.length).toBeGreaterThan(0);
    for (const [, key = ''] of texts) expect(locale).toHaveProperty([key]);
  });
});

describe.each([
  {
    console: '4.22 and later',
    callback: '__load_plugin_entry__',
    id: 'virtdeck',
    version: (name: string) => (require(`${name}/package.json`) as { version: string }).version,
  },
  {
    console: '4.19 to 4.21',
    callback: 'loadPluginEntry',
    id: `virtdeck@${packageJson.version}`,
    version: () => '*',
  },
])('in a console $console', ({ callback, id, version }) => {
  it(
    'registers itself, and gives every page from shared modules',
    { timeout: 30_000 },
    async () => {
      const host = loadInHost(callback, entry, version);
      expect(host.id).toBe(id);
      await host.container.init(host.scope);
      for (const reference of codeRefs(manifest.extensions)) {
        const [module = '', name = 'default'] = reference.split('.');
        const factory = await host.container.get(module);
        expect(factory()[name], reference).toBeTypeOf('function');
      }
      expect([...host.requested].sort()).toEqual(Object.keys(sharedModules).sort());
    },
  );
});

it('carries no second copy of what the console shares', () => {
  for (const file of scripts) {
    const text = read(file);
    for (const [library, signature] of Object.entries(signatures)) {
      expect(text.includes(signature), `${library} in ${file}`).toBe(false);
    }
  }
});

it('weighs less than 15 kB on pages that are not its own', () => {
  expect(gzipSync(read(entry)).length).toBeLessThan(15_000);
});

it('has the locales of the repository', () => {
  const inRepository = readdirSync(join(sources, '../locales'));
  expect(readdirSync(join(dist, 'locales')).sort()).toEqual(inRepository.sort());
});
