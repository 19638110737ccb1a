import { stat } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { cdiConfigs, cdis, dataVolumes, storageProfiles } from '../../src/cdi/resources.ts';
import { persistentVolumeClaims, pods, storageClasses } from '../../src/client/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { readQcow2Header } from '../../src/cdi/importer/readQcow2Header.ts';
import { startCluster, type TestCluster } from '../kubevirt/clusterFixture.ts';
import { dataVolume } from '../kubevirt/manifests.ts';
import { eventsOf, until } from '../kubevirt/watching.ts';
import { diskOf, mebibyte } from './testDisks.ts';

const config = { name: 'config' };
const key = (name: string) => ({ namespace: 'default', name });
const storage = (size: string, more: object = {}) => ({
  ...more,
  resources: { requests: { storage: size } },
});

/** Sets what the CDI object configures. */
const configure = ({ client }: TestCluster, spec: object) =>
  client.patch(cdis, { name: 'cdi' }, { type: 'merge', body: { spec: { config: spec } } });

test('CDIConfig tells what follows from the CDI object and the storage classes', async () => {
  const made = await startCluster();
  const { client } = made;
  const first = await until(client, cdiConfigs, config, ({ status }) => !!status?.uploadProxyURL);
  expect(first.spec.featureGates).toEqual(['HonorWaitForFirstConsumer']);
  expect(first.status).toMatchObject({
    uploadProxyURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    scratchSpaceStorageClass: 'hostpath-virtualization',
    preallocation: false,
    defaultPodResourceRequirements: { limits: { cpu: '750m', memory: '600M' } },
    filesystemOverhead: { global: '0', storageClass: { 'hostpath-wait': '0' } },
  });
  await configure(made, {
    featureGates: ['HonorWaitForFirstConsumer'],
    uploadProxyURLOverride: 'https://uploads.example',
    scratchSpaceStorageClass: 'hostpath-local',
    podResourceRequirements: { limits: { memory: '1G' } },
    filesystemOverhead: { global: '0.1', storageClass: { 'hostpath-wait': '0.2' } },
    imagePullSecrets: [{ name: 'access' }],
  });
  const changed = await until(
    client,
    cdiConfigs,
    config,
    ({ status }) => status?.uploadProxyURL === 'https://uploads.example',
  );
  expect(changed.status).toMatchObject({
    scratchSpaceStorageClass: 'hostpath-local',
    defaultPodResourceRequirements: {
      limits: { cpu: '750m', memory: '1G' },
      requests: { cpu: '100m', memory: '60M' },
    },
    filesystemOverhead: {
      global: '0.1',
      storageClass: { 'hostpath-local': '0.1', 'hostpath-wait': '0.2' },
    },
    imagePullSecrets: [{ name: 'access' }],
  });
  await client.create(storageClasses, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'other' },
    provisioner: 'example.com/other',
  });
  await until(
    client,
    cdiConfigs,
    config,
    ({ status }) => 'other' in (status?.filesystemOverhead?.storageClass ?? {}),
  );
  await client.create(
    dataVolumes,
    dataVolume('web', { source: { upload: {} }, storage: storage('9Mi') }),
  );
  const pod = await until(client, pods, key('cdi-upload-web'), () => true);
  expect(pod.spec.containers[0]?.resources?.limits).toEqual({ cpu: '750m', memory: '1G' });
  expect(pod.spec.imagePullSecrets).toEqual([{ name: 'access' }]);
  const claim = await client.get(persistentVolumeClaims, key('web'));
  expect(claim.spec.resources?.requests).toEqual({ storage: String((9 * mebibyte) / 0.9) });
});

test('overhead, preallocation and the gate of the first consumer have effect', async () => {
  const made = await startCluster({ runtime: await QemuRuntime.create() });
  const { client } = made;
  await configure(made, {
    featureGates: [],
    preallocation: true,
    filesystemOverhead: { global: '0.5' },
  });
  await until(client, cdiConfigs, config, ({ status }) => status?.preallocation === true);
  await client.create(
    dataVolumes,
    dataVolume('web', {
      source: { blank: {} },
      storage: storage('8Mi', { storageClassName: 'hostpath-wait' }),
    }),
  );
  await until(client, dataVolumes, key('web'), ({ status }) => status?.phase === 'Succeeded');
  const claim = await client.get(persistentVolumeClaims, key('web'));
  expect(claim.status?.capacity).toEqual({ storage: String(16 * mebibyte) });
  const disk = await diskOf(client, 'web');
  expect((await readQcow2Header(disk))?.virtualBytes).toBe(8 * mebibyte);
  expect((await stat(disk)).blocks * 512).toBeGreaterThanOrEqual(8 * mebibyte);
});

test('a clone is made as the profile of its class says, and as the CDI object says before', async () => {
  const { client } = await startCluster({ runtime: await QemuRuntime.create() });
  await client.create(
    dataVolumes,
    dataVolume('from', { source: { blank: {} }, storage: storage('8Mi') }),
  );
  const done = ({ status }: { status?: { phase?: string } }) => status?.phase === 'Succeeded';
  await until(client, dataVolumes, key('from'), done);
  const clone = async (name: string) => {
    const source = { pvc: { namespace: 'default', name: 'from' } };
    await client.create(dataVolumes, dataVolume(name, { source, storage: storage('8Mi') }));
    await until(client, dataVolumes, key(name), done);
    const { metadata } = await client.get(persistentVolumeClaims, key(name));
    const below = (await readQcow2Header(await diskOf(client, name)))?.backingFile;
    return [metadata.annotations?.['cdi.kubevirt.io/cloneType'], below !== undefined];
  };
  expect(await clone('shared')).toEqual(['csi-clone', true]);
  const profile = { name: 'hostpath-virtualization' };
  await client.patch(storageProfiles, profile, {
    type: 'merge',
    body: { spec: { cloneStrategy: 'copy' } },
  });
  await until(client, storageProfiles, profile, ({ status }) => status?.cloneStrategy === 'copy');
  expect(await clone('copied')).toEqual(['copy', false]);
  const events = await eventsOf(client, await client.get(dataVolumes, key('copied')));
  expect(events.map(({ reason, message }) => `${reason} ${message}`)).toContain(
    'CloneInProgress Cloning from default/from into default/copied in progress',
  );
  await client.patch(
    cdis,
    { name: 'cdi' },
    {
      type: 'merge',
      body: { spec: { cloneStrategyOverride: 'snapshot' } },
    },
  );
  await until(client, cdis, { name: 'cdi' }, ({ spec }) => !!spec.cloneStrategyOverride);
  expect(await clone('overridden')).toEqual(['snapshot', true]);
});
