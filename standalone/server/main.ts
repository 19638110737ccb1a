import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createConsoleServer } from './createConsoleServer.ts';

const usage = `Usage: virtdeck-console [options]
  --kubeconfig FILE       kubeconfig of the cluster (default $KUBECONFIG, then ~/.kube/config)
  --context NAME          context of the kubeconfig (default its current one)
  --port NUMBER           port on 127.0.0.1 (default 9000; 0 takes a free one)
  --data-dir DIR          where the access key is kept (default ~/.local/share/virtdeck)
  --access-key-file FILE  file of the access key (default <data-dir>/access-key); made if absent
  --prometheus SERVICE    NAMESPACE/NAME:PORT of the Prometheus that has the cluster's metrics
                          (default monitoring/prometheus-k8s:web, asked through the API server)
  --plugin-dir DIR        built plugin (default: dist/ of this project)
  --web-dir DIR           built console pages (default: standalone/dist/web/ of this project)
  --help`;

function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'standalone', 'package.json'))) {
    if (dirname(folder) === folder)
      throw new Error('The project folder was not found; give --plugin-dir and --web-dir.');
    folder = dirname(folder);
  }
  return folder;
}

/** The key stays the same over restarts, so that open pages and bookmarks go on working. */
function readOrMakeKey(file: string): string {
  if (existsSync(file)) {
    const key = readFileSync(file, 'utf8').trim();
    if (key.length >= 20) return key;
    throw new Error(`${file} holds no usable access key (20 characters at least). Remove it.`);
  }
  const key = randomBytes(24).toString('base64url');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      port: { type: 'string', default: '9000' },
      'data-dir': { type: 'string' },
      'access-key-file': { type: 'string' },
      prometheus: { type: 'string' },
      'plugin-dir': { type: 'string' },
      'web-dir': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
  const kubeconfig = resolve(
    values.kubeconfig ?? process.env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config'),
  );
  if (!existsSync(kubeconfig))
    throw new Error(`There is no kubeconfig at ${kubeconfig}. Give one with --kubeconfig FILE.`);
  const dataDir = values['data-dir'] ?? join(homedir(), '.local', 'share', 'virtdeck');
  const root = values['plugin-dir'] && values['web-dir'] ? '' : projectRoot();
  const server = createConsoleServer({
    port,
    kubeconfig,
    ...(values.context === undefined ? {} : { context: values.context }),
    accessKey: readOrMakeKey(resolve(values['access-key-file'] ?? join(dataDir, 'access-key'))),
    pluginDir: resolve(values['plugin-dir'] ?? join(root, 'dist')),
    webDir: resolve(values['web-dir'] ?? join(root, 'standalone', 'dist', 'web')),
    ...(values.prometheus === undefined ? {} : { prometheusService: values.prometheus }),
    about: { programVersion: programVersion(root) },
  });
  const url = await server.listen();
  console.log(`virtdeck console for the context of ${kubeconfig}\n\n  ${url}\n`);

  const stop = () => void server.close().then(() => process.exit(0), fail);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function programVersion(root: string): string {
  const file = join(root, 'package.json');
  if (root === '' || !existsSync(file)) return 'unknown';
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
  return version ?? 'unknown';
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);
