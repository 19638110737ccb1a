import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import { type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import type { Draft, KubeObject, ResourceRef } from '../../src/client/KubeClient.ts';
import { type PersistentVolumeClaim, persistentVolumeClaims } from '../../src/client/resources.ts';
import {
  type VolumeSnapshot,
  volumeSnapshots,
} from '../../src/hostpath-provisioner/snapshotResources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { serve } from '../cdi/imageServer.ts';
import { check, contentOf, diskOf, mebibyte } from '../cdi/testDisks.ts';
import { startCluster, temporaryFolder } from '../kubevirt/clusterFixture.ts';
import { dataVolume } from '../kubevirt/manifests.ts';
import { until } from '../kubevirt/watching.ts';
import { killProcess, startProcess } from './clusterProcess.ts';
import { orphans } from './orphans.ts';

const run = promisify(execFile);
const key = (name: string) => ({ namespace: 'default', name });
const size = `64Mi`;
const storage = { resources: { requests: { storage: size } } };
const succeeded = ({ status }: DataVolume) => status?.phase === 'Succeeded';

const snapshot: Draft<VolumeSnapshot> = {
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshot',
  metadata: { name: 'shot', namespace: 'default' },
  spec: { source: { persistentVolumeClaimName: 'source' } },
};
const restored: Draft<PersistentVolumeClaim> = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'restored', namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    ...storage,
    dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'shot' },
  },
};

/** Answers with half of the body until `whole`; counts those that got it. */
function halfServer(bodies: Record<string, Buffer>) {
  const state = { whole: false, halves: new Set<string>() };
  const url = serve(({ url: path = '' }, response: ServerResponse) => {
    const body = bodies[path] ?? Buffer.alloc(0);
    response.writeHead(200, { 'content-length': body.length });
    if (state.whole) return void response.end(body);
    response.write(body.subarray(0, body.length / 2), () => state.halves.add(path));
  });
  return { state, url };
}

test('imports, archives, copies and restored snapshots that a kill cut off are made whole', async () => {
  const folder = await temporaryFolder();
  const dataDir = await temporaryFolder();
  const image = randomBytes(48 * mebibyte);
  await mkdir(join(folder, 'files', 'deep'), { recursive: true });
  await writeFile(join(folder, 'files', 'deep', 'data'), image.subarray(0, mebibyte));
  await run('tar', ['-cf', join(folder, 'files.tar'), '-C', join(folder, 'files'), 'deep']);
  const tar = await readFile(join(folder, 'files.tar'));
  const { state, url } = halfServer({ '/disk': image, '/files.tar': tar });
  const from = (path: string) => ({ http: { url: path } });
  const base = await url;
  const pvc = { pvc: { namespace: 'default', name: 'source' } };
  const objects: [ResourceRef, Draft<KubeObject>][] = [
    [dataVolumes, dataVolume('source', { source: from(`${base}/disk`), storage })],
    [
      dataVolumes,
      dataVolume('files', {
        source: from(`${base}/files.tar`),
        contentType: 'archive',
        storage,
      }),
    ],
    // A copy that shares nothing, which takes its time.
    [dataVolumes, dataVolume('copy', { source: pvc, storage, preallocation: true })],
    [volumeSnapshots, snapshot],
    [persistentVolumeClaims, restored],
  ];

  const first = startProcess(dataDir, objects);
  await expect.poll(() => state.halves.size, { timeout: 60_000 }).toBe(2);
  await killProcess(first);
  state.whole = true;
  const layers = () => readdir(join(dataDir, 'layers')).catch(() => []);
  // Once as soon as something is made of the disk, once a little later.
  for (const more of [2, 3]) {
    const next = startProcess(dataDir, objects);
    await expect
      .poll(async () => (await layers()).length, { timeout: 60_000, interval: 5 })
      .toBeGreaterThanOrEqual(more);
    await killProcess(next);
  }

  const { client } = await startCluster({ dataDir, runtime: await QemuRuntime.create() });
  for (const name of ['source', 'files', 'copy']) {
    await until(client, dataVolumes, key(name), succeeded);
  }
  await until(client, persistentVolumeClaims, key('restored'), ({ status }) => {
    return status?.phase === 'Bound';
  });
  for (const name of ['source', 'copy', 'restored']) {
    const disk = await diskOf(client, name);
    await check(disk);
    const content = await contentOf(disk, folder);
    expect(content.length).toBe(64 * mebibyte);
    expect(content.subarray(0, image.length).equals(image), name).toBe(true);
  }
  const files = dirname(await diskOf(client, 'files'));
  expect(await readdir(files)).toEqual(['deep']);
  expect((await readFile(join(files, 'deep', 'data'))).equals(image.subarray(0, mebibyte))).toBe(
    true,
  );
  expect(await orphans(dataDir, client)).toEqual([]);
}, 180_000);
