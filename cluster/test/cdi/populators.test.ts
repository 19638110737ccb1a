import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import {
  volumeCloneSources,
  volumeImportSources,
  volumeUploadSources,
} from '../../src/cdi/populators/resources.ts';
import { cdiConfigs, dataVolumes } from '../../src/cdi/resources.ts';
import type { Draft } from '../../src/client/KubeClient.ts';
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
} from '../../src/client/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster, temporaryFolder } from '../kubevirt/clusterFixture.ts';
import { dataVolume } from '../kubevirt/manifests.ts';
import { eventsOf, until, untilGone } from '../kubevirt/watching.ts';
import { serve } from './imageServer.ts';
import { contentOf, diskOf, rawImage } from './testDisks.ts';

const key = (name: string) => ({ namespace: 'default', name });
const apiVersion = 'cdi.kubevirt.io/v1beta1';
const storage = 'cdi.kubevirt.io/storage.';
const isBound = ({ status }: PersistentVolumeClaim) => status?.phase === 'Bound';

/** A claim of 8 MiB that asks to be filled from a source of its own name. */
const claim = (name: string, kind: string): Draft<PersistentVolumeClaim> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: key(name),
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '8Mi' } },
    storageClassName: 'hostpath-virtualization',
    dataSourceRef: { apiGroup: 'cdi.kubevirt.io', kind, name },
  },
});

test('claims are filled by an import, an upload and a clone that they name', async () => {
  const folder = await temporaryFolder();
  const raw = await readFile(await rawImage(folder));
  let isServed = false;
  const url = await serve((_request, response) => {
    if (isServed) response.end(raw);
    else response.writeHead(404).end();
  });
  const { client, clock, send } = await startCluster({ runtime: await QemuRuntime.create() });

  // The claim may come before what it is filled from.
  const asked = await client.create(persistentVolumeClaims, claim('web', 'VolumeImportSource'));
  await client.create(volumeImportSources, {
    apiVersion,
    kind: 'VolumeImportSource',
    metadata: key('web'),
    spec: { source: { http: { url: `${url}/disk` } } },
  });
  const refusal =
    'Unable to connect to http data source: expected status code 200, got 404. Status: 404 Not Found';
  const failing = await until(client, persistentVolumeClaims, key('web'), ({ metadata }) => {
    return metadata.annotations?.[`${storage}pod.restarts`] === '1';
  });
  expect(failing.metadata.annotations).toMatchObject({
    [`${storage}populator.pvcPrime`]: `prime-${asked.metadata.uid}`,
    [`${storage}condition.running`]: 'false',
    [`${storage}condition.running.reason`]: 'Error',
    [`${storage}condition.running.message`]: refusal,
  });
  expect(failing.status?.phase).toBe('Pending');
  isServed = true;
  clock.skip(5000);
  const web = await until(client, persistentVolumeClaims, key('web'), isBound);
  expect(web.metadata.annotations).toMatchObject({
    [`${storage}pod.phase`]: 'Succeeded',
    [`${storage}populator.progress`]: '100.0%',
  });
  await untilGone(client, persistentVolumeClaims, key(`prime-${asked.metadata.uid}`));
  const volume = await client.get(persistentVolumes, { name: web.spec.volumeName ?? '' });
  expect(volume.spec.claimRef).toMatchObject({ name: 'web', uid: asked.metadata.uid });
  const same = async (name: string) =>
    expect((await contentOf(await diskOf(client, name), folder)).equals(raw), name).toBe(true);
  await same('web');
  const prime = `[prime-${asked.metadata.uid}] : `;
  const told = async () =>
    (await eventsOf(client, asked)).map(({ reason, message }) => `${reason}: ${message ?? ''}`);
  await expect
    .poll(told)
    .toEqual(
      expect.arrayContaining([
        'CreatedPVCPrimeSuccessfully: PVC Prime created successfully',
        `ErrImportFailed: ${prime}${refusal}`,
        `ImportSucceeded: ${prime}Import Successful`,
        'importSucceeded: Successfully imported into web',
      ]),
    );

  await client.create(volumeUploadSources, {
    apiVersion,
    kind: 'VolumeUploadSource',
    metadata: key('sent'),
    spec: {},
  });
  await client.create(persistentVolumeClaims, claim('sent', 'VolumeUploadSource'));
  const tokens = '/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/default/uploadtokenrequests';
  const { body } = await send('POST', tokens, { body: { spec: { pvcName: 'sent' } } });
  const { token = '' } = body['status'] as { token?: string };
  const { status } = await until(
    client,
    cdiConfigs,
    { name: 'config' },
    (config) => !!config.status?.uploadProxyURL,
  );
  const reply = await fetch(`${status?.uploadProxyURL ?? ''}/v1beta1/upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: raw,
  });
  expect(reply.status).toBe(200);
  await until(client, persistentVolumeClaims, key('sent'), isBound);
  await same('sent');

  // A DataVolume may name a populator, too.
  await client.create(volumeCloneSources, {
    apiVersion,
    kind: 'VolumeCloneSource',
    metadata: key('copy'),
    spec: { source: { kind: 'PersistentVolumeClaim', name: 'web' } },
  });
  const { accessModes, resources, dataSourceRef } = claim('copy', 'VolumeCloneSource').spec;
  const wanted = { accessModes, resources, dataSourceRef } as never;
  await client.create(dataVolumes, dataVolume('copy', { storage: wanted }));
  const done = await until(client, dataVolumes, key('copy'), (found) => {
    return found.status?.phase === 'Succeeded';
  });
  expect(done.status?.progress).toBe('100.0%');
  await same('copy');
});

test('a claim waits for its first consumer, and takes what it was filled with along', async () => {
  const { client } = await startCluster();
  await client.create(volumeImportSources, {
    apiVersion,
    kind: 'VolumeImportSource',
    metadata: key('late'),
    spec: { source: { blank: {} } },
  });
  const late = claim('late', 'VolumeImportSource');
  const wanted = {
    storageClassName: 'hostpath-wait',
    resources: late.spec.resources,
    dataSourceRef: late.spec.dataSourceRef,
  } as never;
  await client.create(dataVolumes, dataVolume('late', { storage: wanted }));
  await until(client, dataVolumes, key('late'), ({ status }) => {
    return status?.phase === 'PendingPopulation';
  });
  await client.patch(persistentVolumeClaims, key('late'), {
    type: 'merge',
    body: { metadata: { annotations: { [`${storage}bind.immediate.requested`]: '' } } },
  });
  await until(client, dataVolumes, key('late'), ({ status }) => status?.phase === 'Succeeded');
});

test('a DataVolume says what keeps the claim that is filled for it', async () => {
  const url = await serve((_request, response) => void response.writeHead(404).end());
  const { client } = await startCluster({ runtime: await QemuRuntime.create() });
  await client.create(volumeImportSources, {
    apiVersion,
    kind: 'VolumeImportSource',
    metadata: key('web'),
    spec: { source: { http: { url: `${url}/disk` } } },
  });
  const { accessModes, resources, dataSourceRef } = claim('web', 'VolumeImportSource').spec;
  const wanted = { accessModes, resources, dataSourceRef } as never;
  await client.create(dataVolumes, dataVolume('web', { storage: wanted }));
  const { metadata } = await until(client, persistentVolumeClaims, key('web'), () => true);
  const refusal =
    'Unable to connect to http data source: expected status code 200, got 404. Status: 404 Not Found';
  const message = `target PVC web Pending and [prime-${metadata.uid}] : ${refusal}`;
  const failing = await until(client, dataVolumes, key('web'), ({ status }) => {
    return status?.conditions?.some((one) => one.message === message) === true;
  });
  const condition = (type: string) => failing.status?.conditions?.find((one) => one.type === type);
  expect(condition('Bound')).toMatchObject({ status: 'False', reason: 'Pending', message });
  expect(condition('Ready')).toMatchObject({ status: 'False', reason: '' });
});

test('what CDI refuses is refused', async () => {
  const { client } = await startCluster();
  const denied = 'admission webhook "populator-validate.cdi.kubevirt.io" denied the request: ';
  const create = (spec: object) =>
    client.create(volumeImportSources, {
      apiVersion,
      kind: 'VolumeImportSource',
      metadata: key('bad'),
      spec,
    });
  await expect(create({})).rejects.toThrow(`${denied}Missing VolumeImport source`);
  await expect(create({ source: { http: { url: 'file:///etc/passwd' } } })).rejects.toThrow(
    `${denied}spec.source Invalid source URL scheme: file:///etc/passwd`,
  );
});
