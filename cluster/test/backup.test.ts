import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createApiServer } from '../src/apiserver/createApiServer.ts';
import { backup, restore } from '../src/backup.ts';
import { configMaps } from '../src/client/resources.ts';
import { temporaryFolder } from './kubevirt/clusterFixture.ts';

const serve = (dataDir: string) =>
  createApiServer({ dataDir, plainHttp: true, authenticate: () => undefined });

const map = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
});

/** A cluster's folder whose API runs, with one object in it. */
async function startFolder() {
  const dataDir = await temporaryFolder();
  await writeFile(join(dataDir, 'cluster.json'), '{}');
  const server = await serve(dataDir);
  await server.client.create(configMaps, map('before'));
  return { dataDir, server, file: join(await temporaryFolder(), 'backup.tar.gz') };
}

async function namesIn(dataDir: string): Promise<string[]> {
  const server = await serve(dataDir);
  const { items } = await server.client.list(configMaps, { namespace: 'default' });
  await server.close();
  return items.map(({ metadata }) => metadata.name);
}

test('a backup of a running cluster holds what was there then, and says what it lacks', async () => {
  const { dataDir, server, file } = await startFolder();
  expect(await backup(dataDir, file)).toContain('disks of virtual machines are not in it');
  await server.client.create(configMaps, map('after'));
  await server.close();
  const empty = await temporaryFolder();
  await restore(empty, file, false);
  expect(await namesIn(empty)).toEqual(['before']);
  expect(await namesIn(dataDir)).toEqual(['after', 'before']);
});

test('restore refuses over another cluster, and with replace moves it aside', async () => {
  const { dataDir, server, file } = await startFolder();
  await backup(dataDir, file);
  await server.client.create(configMaps, map('after'));
  await server.close();
  await expect(restore(dataDir, file, false)).rejects.toThrow('holds a cluster');
  expect(await namesIn(dataDir)).toEqual(['after', 'before']);
  await restore(dataDir, file, true);
  expect(await namesIn(dataDir)).toEqual(['before']);
  const aside = (await readdir(dataDir)).find((name) => name.startsWith('before-restore-'));
  expect(await namesIn(join(dataDir, aside ?? ''))).toEqual(['after', 'before']);
});

test('a damaged backup is refused, and the cluster stays as it is', async () => {
  const { dataDir, server, file } = await startFolder();
  await server.close();
  await mkdir(join(dataDir, 'volumes'));
  await writeFile(file, 'no archive');
  await expect(restore(dataDir, file, true)).rejects.toThrow();
  expect(await namesIn(dataDir)).toEqual(['before']);
});
