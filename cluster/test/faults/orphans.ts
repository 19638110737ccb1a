import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

import { readQcow2Header } from '../../src/cdi/importer/readQcow2Header.ts';
import type { KubeClient } from '../../src/client/KubeClient.ts';
import { persistentVolumes } from '../../src/client/resources.ts';
import { virtualMachineInstances } from '../../src/kubevirt/resources.ts';

/**
 * What is on the machine and belongs to nothing that the API knows: processes, folders of guests (with
 * their sockets and disks), volumes, layers. Each as a line; empty when all has an owner.
 */
export async function orphans(dataDir: string, client: KubeClient): Promise<string[]> {
  const vmis = await client.list(virtualMachineInstances);
  const live = new Set(
    vmis.items
      .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
      .map(({ metadata }) => metadata.uid),
  );
  const volumes = await client.list(persistentVolumes);
  const known = new Set(volumes.items.map(({ spec }) => basename(spec.hostPath?.path ?? '')));
  const folders = await foldersOf(join(dataDir, 'volumes'));
  return [
    ...processesIn(dataDir)
      .filter(({ folder }) => !live.has(basename(folder)))
      .map(({ pid, command, folder }) => `process ${pid} (${command}) in ${folder}`),
    ...(await guestFolders(dataDir))
      .filter((folder) => !live.has(basename(folder)))
      .map((folder) => `guest folder ${relative(dataDir, folder)}`),
    ...folders.filter((name) => !known.has(name)).map((name) => `volume ${name}`),
    ...(await looseLayers(dataDir)).map((name) => `layer ${name}`),
  ];
}

/** The processes that work in the data folder or, as daemons, name it. */
function processesIn(dataDir: string): { pid: number; command: string; folder: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const command = basename(program);
        if (!/^(qemu-system|swtpm)/.test(command)) return [];
        const state = args.find((arg) => arg.startsWith(`dir=${dataDir}`));
        const folder = state ? dirname(state.slice(4)) : readlinkSync(`/proc/${pid}/cwd`);
        return folder.startsWith(dataDir) ? [{ pid: Number(pid), command, folder }] : [];
      } catch {
        return []; // It ended between the two looks.
      }
    });
}

async function guestFolders(dataDir: string): Promise<string[]> {
  const nodes = await foldersOf(join(dataDir, 'nodes'));
  const guests = await Promise.all(
    nodes.map(async (node) => {
      const folder = join(dataDir, 'nodes', node, 'guests');
      return (await foldersOf(folder)).map((uid) => join(folder, uid));
    }),
  );
  return guests.flat();
}

/** Layers to which no volume and no snapshot leads. */
async function looseLayers(dataDir: string): Promise<string[]> {
  const used = new Set<string>();
  for (const kind of ['volumes', 'snapshots']) {
    for (const name of await foldersOf(join(dataDir, kind))) {
      let file = realPathOf(join(dataDir, kind, name, 'disk.qcow2'));
      while (file !== undefined && !used.has(basename(dirname(file)))) {
        used.add(basename(dirname(file)));
        const below: string | undefined = (await readQcow2Header(file))?.backingFile;
        file = below === undefined ? undefined : join(dirname(file), below);
      }
    }
  }
  return (await foldersOf(join(dataDir, 'layers'))).filter((name) => !used.has(name));
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

const foldersOf = (path: string) => readdir(path).catch((): string[] => []);
