import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, stat, statfs, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { kubeconfigText, type KubeconfigParts } from './kubeconfigText.ts';
import type { Arguments } from './readArguments.ts';

/** The folder of a cluster, held by this program alone while it is open. */
export interface ClusterFolder {
  path: string;
  nodes: number;
  /** Have the ready-made users been given their rights once? They may have been taken away since. */
  hasUsers: boolean;
  /** Port of the API: the wanted one, the one of the last time, or 0 for a free one. */
  port: number;
  /** Bearer token of the administrator. */
  adminToken: string;
  kubeconfig: string;
  log: (message: string) => void;
  /** Writes the kubeconfig; the ready-made users have their rights by now. */
  writeKubeconfig(parts: Omit<KubeconfigParts, 'adminToken'>): Promise<void>;
  close(): Promise<void>;
}

interface Settings {
  runtime: 'qemu' | 'simulated';
  nodes: number;
  port?: number;
  hasUsers?: boolean;
  adminToken: string;
}

const defaultNodes = 2;
const leastFreeBytes = 2 ** 30;
const largestLogBytes = 10 * 2 ** 20;
/** A program that was killed may need a moment until its lock is gone. */
const lockPatienceMs = 3000;

/** Opens or makes the folder; throws a sentence for people when it cannot be used. */
export async function openClusterFolder(options: Arguments): Promise<ClusterFolder> {
  const path = await makeFolder(options.dataDir);
  const lock = await takeLock(path);
  const log = await openLog(join(path, 'cluster.log'));
  const settings = await readSettings(path, options);
  const kubeconfig = join(path, 'kubeconfig');
  return {
    path,
    nodes: settings.nodes,
    hasUsers: settings.hasUsers ?? false,
    port: options.port ?? settings.port ?? 0,
    adminToken: settings.adminToken,
    kubeconfig,
    log,
    async writeKubeconfig(parts) {
      const { adminToken } = settings;
      await writeWhole(kubeconfig, kubeconfigText({ ...parts, adminToken }));
      const port = Number(new URL(parts.url).port);
      await writeSettings(path, { ...settings, port, hasUsers: true });
    },
    close: () => new Promise((resolve) => lock.close(() => resolve())),
  };
}

async function makeFolder(wanted: string): Promise<string> {
  try {
    await mkdir(wanted, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(
      `The folder ${wanted} cannot be made (${codeOf(error)}). Give another one with --data-dir DIR.`,
      { cause: error },
    );
  }
  const path = await realpath(wanted);
  const { bavail, bsize } = await statfs(path);
  if (bavail * bsize < leastFreeBytes) {
    throw new Error(
      `Only ${Math.floor((bavail * bsize) / 2 ** 20)} MiB are free on the disk of ${path}; disks of virtual machines need 1 GiB at least. Free some space, or give a folder on another disk with --data-dir DIR.`,
    );
  }
  return path;
}

/**
 * Holds a folder for this program; throws a sentence for people when another one does. A socket
 * without a file: the kernel removes it with the process, however that ends.
 */
export async function takeLock(path: string): Promise<Server> {
  const name = `\0virtdeck-${createHash('sha256').update(path).digest('hex')}`;
  const deadline = Date.now() + lockPatienceMs;
  for (;;) {
    const server = createServer((socket) => socket.destroy());
    const error = await new Promise<Error | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(name, () => resolve(undefined));
    });
    if (!error) return server;
    if (Date.now() > deadline) {
      throw new Error(
        `Another virtdeck uses ${path} already. Stop it first, or give another folder with --data-dir DIR.`,
        { cause: error },
      );
    }
    await sleep(100);
  }
}

async function openLog(file: string): Promise<(message: string) => void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLogBytes) await rename(file, `${file}.1`);
  return (message) => appendFileSync(file, `${new Date().toISOString()} ${message}\n`);
}

async function readSettings(path: string, options: Arguments): Promise<Settings> {
  const file = join(path, 'cluster.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    const made: Settings = {
      runtime: options.runtime,
      nodes: options.nodes ?? defaultNodes,
      adminToken: randomBytes(32).toString('base64url'),
    };
    await writeSettings(path, made);
    return made;
  }
  const settings = JSON.parse(text) as Settings;
  if (settings.runtime !== options.runtime) {
    throw new Error(
      `${path} holds a cluster with the ${settings.runtime} runtime. Start it with --runtime ${settings.runtime}, or give another folder with --data-dir DIR.`,
    );
  }
  const nodes = options.nodes ?? settings.nodes;
  if (nodes < settings.nodes) {
    throw new Error(
      `The cluster in ${path} has ${settings.nodes} nodes; nodes can be added, not taken away. Start it with --nodes ${settings.nodes} or more, or give another folder with --data-dir DIR.`,
    );
  }
  const next = { ...settings, nodes };
  await writeSettings(path, next);
  return next;
}

const writeSettings = (path: string, settings: Settings) =>
  writeWhole(join(path, 'cluster.json'), JSON.stringify(settings, undefined, 2));

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
