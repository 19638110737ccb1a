import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { open } from 'lmdb';

import { fieldAt } from './apiserver/json.ts';
import { ObjectStore } from './apiserver/storage/ObjectStore.ts';
import { checkStoreFile } from './apiserver/storage/storeFile.ts';
import { takeLock } from './ClusterFolder.ts';
import { runProgram } from './guest-images/runProgram.ts';

/** What a backup holds, by its path in the data folder. */
const parts = ['store', 'pki', 'cluster.json'];

/**
 * Writes the objects, the certificates and the settings of a cluster to one file, as they are at one
 * moment; the cluster may run meanwhile. Disks are not in it. Returns a sentence for people.
 */
export async function backup(dataDir: string, file: string): Promise<string> {
  const database = join(dataDir, 'store', 'objects.lmdb');
  if (!existsSync(database)) throw new Error(`There is no cluster in ${dataDir}.`);
  checkStoreFile(database);
  return withFolder(tmpdir(), async (folder) => {
    await mkdir(join(folder, 'store'));
    const source = open({ path: database, readOnly: true });
    await source.backup(join(folder, 'store', 'objects.lmdb'), true);
    await source.close();
    for (const part of ['pki', 'cluster.json']) {
      await cp(join(dataDir, part), join(folder, part), { recursive: true });
    }
    const { objects } = await inspect(folder);
    const target = resolve(file);
    await runProgram('tar', ['-czf', `${target}.new`, '-C', folder, ...parts]);
    await rename(`${target}.new`, target);
    return `${target} holds ${objects} objects, the certificates and the settings of ${dataDir}. The disks of virtual machines are not in it: copy ${join(dataDir, 'volumes')} while they are stopped.`;
  });
}

/**
 * Puts a backup in place of a folder's cluster, which must not run. Refuses over another cluster
 * unless `replace`; that one is then moved aside. Returns a sentence for people.
 */
export async function restore(dataDir: string, file: string, replace: boolean): Promise<string> {
  const archive = resolve(file);
  if (!existsSync(archive)) throw new Error(`There is no backup ${archive}.`);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await takeLock(dataDir);
  try {
    const there = parts.filter((part) => existsSync(join(dataDir, part)));
    if (there.length > 0 && !replace) {
      throw new Error(
        `${dataDir} holds a cluster. Restore over it with --replace, which moves it aside, or give another folder with --data-dir DIR.`,
      );
    }
    return await withFolder(dataDir, async (folder) => {
      await runProgram('tar', ['-xzf', archive, '-C', folder, ...parts]);
      const { objects, missing } = await inspect(folder);
      const aside = join(dataDir, `before-restore-${Date.now()}`);
      if (there.length > 0) await mkdir(aside, { mode: 0o700 });
      for (const part of there) await rename(join(dataDir, part), join(aside, part));
      for (const part of parts) await rename(join(folder, part), join(dataDir, part));
      const moved = there.length > 0 ? ` What was there is in ${aside}.` : '';
      const lost = missing > 0 ? ` The disks of ${missing} volumes are not on this machine.` : '';
      return `${objects} objects of ${archive} are in ${dataDir}.${moved}${lost}`;
    });
  } finally {
    lock.close();
  }
}

/** Reads a store whole, so that a damaged one is found now; counts volumes without their folder. */
async function inspect(folder: string): Promise<{ objects: number; missing: number }> {
  const store = new ObjectStore(join(folder, 'store'));
  const volumes = store.list('persistentvolumes', undefined).map(({ object }) => {
    const path = fieldAt(object, ['spec', 'hostPath', 'path']);
    return typeof path === 'string' ? path : '';
  });
  const objects = store.size;
  await store.close();
  await rm(join(folder, 'store', 'objects.lmdb-lock'), { force: true });
  return { objects, missing: volumes.filter((path) => path !== '' && !existsSync(path)).length };
}

/** Gives `work` a new folder in `parent`, and removes it at the end. */
async function withFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(parent, 'virtdeck-backup-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
