// `npm start`: the local cluster and the standalone console, or the console alone on a real cluster.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { build } from './build.mjs';
import { ensureDebianPackages } from './debianPackages.mjs';
import { runMain, step, UserError } from './progress.mjs';
import { whenNpmIsGone } from './whenNpmIsGone.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const usage = `Usage: npm start -- [options]
  --port NUMBER          port of the console on 127.0.0.1 (default 9000)
  --data-dir DIR         where everything is kept (default ~/.local/share/virtdeck)
  --nodes NUMBER         how many nodes the local cluster has (default 2)
  --runtime NAME         qemu: real guests; simulated: no guests, for tests of scale (default qemu)
  --guest-images NAMES   images that the local cluster offers as boot sources, separated by commas,
                         or none (default micro,debian-12)
  --seed-vms NUMBER      makes so many running virtual machines in 50 projects (simulated runtime)
  --churn NUMBER         changes so many of them in each second
  --kubeconfig FILE      show this cluster instead of starting a local one
  --context NAME         context of the kubeconfig (default its current one); the local cluster has
                         admin, developer and viewer
  --help`;

/** As whom the console can be used on the local cluster. */
const localContexts = ['admin', 'developer', 'viewer'];

function readArguments() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: { type: 'string', default: '9000' },
        'data-dir': { type: 'string' },
        nodes: { type: 'string' },
        runtime: { type: 'string' },
        'guest-images': { type: 'string' },
        'seed-vms': { type: 'string' },
        churn: { type: 'string' },
        kubeconfig: { type: 'string' },
        context: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UserError(`${error.message}\n${usage}`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UserError(`--port must be a number from 0 to 65535, not "${values.port}".`);
  }
  if (values.kubeconfig && !existsSync(values.kubeconfig)) {
    throw new UserError(`There is no kubeconfig at ${values.kubeconfig}.`);
  }
  const { context, kubeconfig } = values;
  if (context !== undefined && kubeconfig === undefined && !localContexts.includes(context)) {
    throw new UserError(
      `The local cluster has the contexts ${localContexts.join(', ')}, not "${context}". One of another cluster needs --kubeconfig FILE.`,
    );
  }
  const shared = process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share');
  return { ...values, port, dataDir: resolve(values['data-dir'] ?? join(shared, 'virtdeck')) };
}

/** Fails early and clearly when the port is taken, before anything is built or started. */
async function checkPort(port) {
  await new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', (error) =>
      fail(
        new UserError(
          error.code === 'EADDRINUSE'
            ? `Port ${port} of 127.0.0.1 is in use. Stop what uses it, or give another one with --port NUMBER.`
            : `Port ${port} of 127.0.0.1 cannot be used (${error.code}). Give another one with --port NUMBER.`,
        ),
      ),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(done));
  });
}

/** The key stays the same over restarts, so that open pages and bookmarks go on working. */
function accessKey(dataDir) {
  const file = join(dataDir, 'access-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const key = randomBytes(24).toString('base64url');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}

/** Starts the cluster as a process of its own; resolves with its kubeconfig when it is ready. */
function startCluster(options) {
  const args = ['--data-dir', options.dataDir];
  for (const name of ['nodes', 'runtime', 'guest-images', 'seed-vms', 'churn']) {
    if (options[name] !== undefined) args.push(`--${name}`, options[name]);
  }
  // In a process group of its own: the terminal's Ctrl-C reaches us alone, and we pass it on.
  const child = spawn(process.execPath, [join(root, 'cluster', 'dist', 'main.js'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: true,
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-4000);
  });
  const ended = new Promise((done) => child.on('exit', (code) => done(code ?? 1)));
  const ready = new Promise((done, fail) => {
    child.on('message', (message) => {
      if (message.type === 'ready') done(message.kubeconfig);
    });
    void ended.then((code) =>
      fail(
        new UserError(
          complaint.trim().replace(/^virtdeck: /, '') ||
            `the local cluster ended with exit code ${code}; ${join(options.dataDir, 'cluster.log')} may say why`,
        ),
      ),
    );
  });
  return { child, ready, ended, complaint: () => complaint.trim() };
}

async function main() {
  const options = readArguments();
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  // The cluster sees us go, and leaves the guests running.
  whenNpmIsGone(() => process.exit(1));
  if (options.port !== 0) await checkPort(options.port);
  const local = options.kubeconfig === undefined;
  if (local && options.runtime !== 'simulated') await ensureDebianPackages('guests', 'images');
  await build(['plugin', 'shell', 'server', ...(local ? ['cluster'] : [])]);

  const cluster = local ? startCluster(options) : undefined;
  const stopping = { asked: false };
  const stopped = stopOnSignals(stopping, cluster);
  const [{ createConsoleServer }, kubeconfig] = await Promise.all([
    import('../standalone/dist/server/createConsoleServer.js'),
    cluster ? step('Starting the local cluster', () => cluster.ready) : resolve(options.kubeconfig),
  ]);
  const server = createConsoleServer({
    port: options.port,
    kubeconfig,
    ...(options.context !== undefined && { context: options.context }),
    accessKey: accessKey(options.dataDir),
    pluginDir: join(root, 'dist'),
    webDir: join(root, 'standalone', 'dist', 'web'),
    about: {
      programVersion: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    },
  });
  const url = await server.listen();
  // Imports of disks follow URLs of users anywhere but there.
  cluster?.child.send({ type: 'listening', port: Number(new URL(url).port) });
  process.stdout.write(`virtdeck is ready: ${url}\n`);

  const code = await (cluster ? Promise.race([cluster.ended, stopped]) : stopped);
  await server.close();
  if (cluster && !stopping.asked) {
    throw new UserError(
      `the local cluster ended by itself (exit code ${code})${cluster.complaint() ? `: ${cluster.complaint()}` : ''}. Its log is ${join(options.dataDir, 'cluster.log')}. Start again: running virtual machines are found again.`,
    );
  }
  if (cluster) await cluster.ended;
  process.exit(0);
}

/** Resolves at the first signal; the cluster is told, and shuts its guests down. */
function stopOnSignals(stopping, cluster) {
  return new Promise((done) => {
    let since;
    let tellLeft;
    const stop = (signal) => {
      // npm passes a signal on that the terminal has sent already: that is no second one.
      if (since !== undefined && Date.now() - since < 1000) return;
      if (since !== undefined)
        process.stdout.write('Leaving the virtual machines to themselves.\n');
      since = Date.now();
      stopping.asked = true;
      cluster?.child.kill(signal);
      done(0);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
    cluster?.child.on('message', (message) => {
      if (message.type !== 'stopping') return;
      const { guests, seconds } = message;
      if (tellLeft) {
        tellLeft(`${guests} left, ${seconds} s at most, Ctrl-C leaves them running`);
        return;
      }
      process.stdout.write('\n');
      void step(`Shutting down ${guests} virtual machine${guests === 1 ? '' : 's'}`, (tell) => {
        tellLeft = tell;
        tell(`within ${seconds} s, Ctrl-C leaves them running`);
        return cluster.ended;
      });
    });
  });
}

await runMain(main);
