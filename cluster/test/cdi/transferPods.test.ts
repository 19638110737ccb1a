import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { cdiConfigs, cdis, type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import {
  persistentVolumeClaims,
  persistentVolumes,
  type Pod,
  pods,
  resourceQuotas,
} from '../../src/client/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster, temporaryFolder } from '../kubevirt/clusterFixture.ts';
import { dataVolume } from '../kubevirt/manifests.ts';
import { eventsOf, until, untilGone } from '../kubevirt/watching.ts';
import { serve } from './imageServer.ts';
import { converted, mebibyte, rawImage } from './testDisks.ts';

const key = (name: string) => ({ namespace: 'default', name });
const storage = (size: string) => ({ resources: { requests: { storage: size } } });
const conditionOf = ({ status }: DataVolume, type: string) =>
  status?.conditions?.find((one) => one.type === type);
const succeeded = ({ status }: DataVolume) => status?.phase === 'Succeeded';
const realDisks = async () => startCluster({ runtime: await QemuRuntime.create() });

test('a quota for claims, and one for pods, keep an import from its beginning and say so', async () => {
  const folder = await temporaryFolder();
  const image = await readFile(await rawImage(folder));
  const url = await serve((_request, response) => void response.end(image));
  const { client, clock, send } = await realDisks();
  const nameOf = async (deployment: string) => {
    const { items } = await client.list(pods, { namespace: 'cdi' });
    return items.find(({ metadata }) => metadata.name.startsWith(deployment))?.metadata.name ?? '';
  };
  const quota = (name: string, hard: Record<string, string>) =>
    client.create(resourceQuotas, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name, namespace: 'default' },
      spec: { hard },
    });
  await quota('disks', { 'requests.storage': '20Mi' });
  const spec = (size: string) => ({ source: { http: { url } }, storage: storage(size) });
  const created = await client.create(dataVolumes, dataVolume('large', spec('30Mi')));
  const refused = await until(client, dataVolumes, key('large'), (found) => {
    return conditionOf(found, 'Bound')?.reason === 'ErrExceededQuota';
  });
  expect(conditionOf(refused, 'Bound')?.message).toContain('exceeded quota: disks');
  expect((await eventsOf(client, created)).map(({ reason }) => reason)).toContain(
    'ErrExceededQuota',
  );
  await quota('no-pods', { pods: '0' });
  await client.create(dataVolumes, dataVolume('small', spec('10Mi')));
  const waiting = await until(client, dataVolumes, key('small'), (found) => {
    return conditionOf(found, 'Running')?.reason === 'ErrExceededQuota';
  });
  expect(waiting.status?.phase).toBe('ImportScheduled');
  const hint = 'For more information, request access to cdi-deploy logs from your sysadmin';
  const message = `Error starting pod 'importer-small': ${hint}`;
  expect(conditionOf(waiting, 'Running')?.message).toBe(message);
  const claim = await client.get(persistentVolumeClaims, key('small'));
  for (const told of [waiting, claim]) {
    await expect
      .poll(() => eventsOf(client, told))
      .toContainEqual(
        expect.objectContaining({ type: 'Warning', reason: 'ErrExceededQuota', message }),
      );
  }
  const log = await send(
    'GET',
    `/api/v1/namespaces/cdi/pods/${await nameOf('cdi-deployment')}/log`,
  );
  expect(log.text).toContain('exceeded quota: no-pods');
  await client.delete(resourceQuotas, key('no-pods'));
  clock.skip(10_000);
  await until(client, dataVolumes, key('small'), succeeded);
});

test('an import has a pod that shows its restarts and its log, and goes with its end', async () => {
  const folder = await temporaryFolder();
  const image = await readFile(await rawImage(folder));
  let asked = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const url = await serve((_request, response) => {
    asked += 1;
    if (asked === 1) response.writeHead(404).end();
    else void held.then(() => response.end(image));
  });
  const { client, clock, send, dataDir } = await realDisks();
  const secretive = url.replace('//', '//ann:geheim@');
  const spec = { source: { http: { url: secretive } }, storage: storage('8Mi') };
  await client.create(dataVolumes, dataVolume('web', spec));
  const pod = key('importer-web');
  const crashed = await until(client, pods, pod, ({ status }) => {
    return status?.containerStatuses?.[0]?.restartCount === 1;
  });
  expect(crashed.metadata.labels).toMatchObject({ 'cdi.kubevirt.io': 'importer' });
  expect(crashed.spec).toMatchObject({
    nodeName: 'node-1',
    volumes: [
      { persistentVolumeClaim: { claimName: 'web' } },
      { persistentVolumeClaim: { claimName: 'web-scratch' } },
    ],
    containers: [{ name: 'importer' }],
  });
  expect(crashed.status?.containerStatuses?.[0]).toMatchObject({
    ready: false,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: {
      terminated: { exitCode: 1, message: expect.stringContaining('got 404') as string },
    },
  });
  clock.skip(5000);
  await until(client, pods, pod, ({ status }) => !!status?.containerStatuses?.[0]?.state?.running);
  const log = await send('GET', '/api/v1/namespaces/default/pods/importer-web/log');
  expect(log.text).toMatch(/^I\d{4} .* importer\.go:1\] Starting importer: http http:\/\/127/);
  expect(log.text).toMatch(/^E\d{4} .*expected status code 200, got 404/m);
  expect(log.text).not.toContain('geheim');
  release();
  await until(client, dataVolumes, key('web'), succeeded);
  await untilGone(client, pods, pod);
  await expect.poll(() => readdir(join(dataDir, 'pods'))).toEqual([]);
});

test('an import waits for a node, and a pod that is to be kept is kept', async () => {
  const image = Buffer.alloc(mebibyte, 1);
  const url = await serve((_request, response) => void response.end(image));
  const { client, send } = await realDisks();
  const cordon = (unschedulable: boolean) =>
    send('PATCH', '/api/v1/nodes/node-1', {
      body: { spec: { unschedulable } },
      contentType: 'application/merge-patch+json',
    });
  await cordon(true);
  const draft = dataVolume('web', { source: { http: { url } }, storage: storage('8Mi') });
  draft.metadata.annotations = { 'cdi.kubevirt.io/storage.pod.retainAfterCompletion': 'true' };
  await client.create(dataVolumes, draft);
  const waiting = await until(client, dataVolumes, key('web'), (found) => {
    return conditionOf(found, 'Running')?.reason === 'Unschedulable';
  });
  expect(waiting.status?.phase).toBe('ImportScheduled');
  expect(conditionOf(waiting, 'Running')?.message).toBe('Importer pod cannot be scheduled');
  await cordon(false);
  await until(client, dataVolumes, key('web'), succeeded);
  const kept = await until(client, pods, key('importer-web'), ({ status }) => {
    return status?.phase === 'Succeeded';
  });
  expect(kept.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
});

test('an upload has a pod, and is told to be ready not before that runs', async () => {
  const { client, send } = await realDisks();
  const cordon = (unschedulable: boolean) =>
    send('PATCH', '/api/v1/nodes/node-1', {
      body: { spec: { unschedulable } },
      contentType: 'application/merge-patch+json',
    });
  await cordon(true);
  await client.create(
    dataVolumes,
    dataVolume('web', { source: { upload: {} }, storage: storage('8Mi') }),
  );
  const isPending = ({ status }: Pod) =>
    status?.conditions?.some(({ reason }) => reason === 'Unschedulable') === true;
  await until(client, pods, key('cdi-upload-web'), isPending);
  const scheduled = await until(client, dataVolumes, key('web'), ({ status }) => {
    return status?.phase === 'UploadScheduled';
  });
  expect(conditionOf(scheduled, 'Running')).toMatchObject({ status: 'False', reason: '' });
  await cordon(false);
  await until(client, dataVolumes, key('web'), ({ status }) => status?.phase === 'UploadReady');
  // Now, and not after a while.
  const pod = await client.get(pods, key('cdi-upload-web'));
  expect(pod.status?.phase).toBe('Running');
  const claim = await until(client, persistentVolumeClaims, key('web'), ({ metadata }) => {
    return metadata.annotations?.['cdi.kubevirt.io/storage.pod.ready'] === 'true';
  });
  expect(claim.metadata.annotations).toMatchObject({
    'cdi.kubevirt.io/storage.upload.target': '',
    'cdi.kubevirt.io/storage.uploadPodName': 'cdi-upload-web',
    'cdi.kubevirt.io/storage.pod.phase': 'Running',
    'cdi.kubevirt.io/storage.condition.running.reason': 'Pod is running',
  });
  expect(pod.metadata.labels).toMatchObject({ 'cdi.kubevirt.io': 'cdi-upload-server' });
  await client.delete(dataVolumes, key('web'));
  await untilGone(client, pods, key('cdi-upload-web'));
});

test('an image comes to a scratch claim of the class that CDI has for it, which goes with the pod', async () => {
  const folder = await temporaryFolder();
  const image = await readFile(await converted(await rawImage(folder), 'vmdk'));
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': image.length });
    response.write(image.subarray(0, 4096));
    void held.then(() => response.end(image.subarray(4096)));
  });
  const { client } = await realDisks();
  await client.patch(
    cdis,
    { name: 'cdi' },
    { type: 'merge', body: { spec: { config: { scratchSpaceStorageClass: 'hostpath-wait' } } } },
  );
  await until(client, cdiConfigs, { name: 'config' }, ({ status }) => {
    return status?.scratchSpaceStorageClass === 'hostpath-wait';
  });
  const spec = { source: { http: { url } }, storage: storage('9000Ki') };
  await client.create(dataVolumes, dataVolume('web', spec));
  await until(
    client,
    dataVolumes,
    key('web'),
    ({ status }) => status?.phase === 'ImportInProgress',
  );
  const scratch = await client.get(persistentVolumeClaims, key('web-scratch'));
  const pod = await client.get(pods, key('importer-web'));
  expect(scratch).toMatchObject({
    metadata: {
      labels: { app: 'containerized-data-importer', 'velero.io/exclude-from-backup': 'true' },
      ownerReferences: [{ kind: 'Pod', name: 'importer-web', uid: pod.metadata.uid }],
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'hostpath-wait',
      // As large as the claim, in whole mebibytes.
      resources: { requests: { storage: String(9 * mebibyte) } },
    },
    status: { phase: 'Bound' },
  });
  const volume = await client.get(persistentVolumes, { name: scratch.spec.volumeName ?? '' });
  const path = volume.spec.hostPath?.path ?? '';
  await expect.poll(() => readdir(path)).toEqual(['.scratch']);
  release();
  await until(client, dataVolumes, key('web'), succeeded);
  await untilGone(client, persistentVolumeClaims, key('web-scratch'));
  await expect.poll(() => stat(path).catch(() => undefined)).toBeUndefined();
});

test('a quota that has no room for scratch space keeps an import waiting, and says so', async () => {
  const folder = await temporaryFolder();
  const image = await readFile(await rawImage(folder));
  const url = await serve((_request, response) => void response.end(image));
  const { client, clock } = await realDisks();
  await client.create(resourceQuotas, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'disks', namespace: 'default' },
    spec: { hard: { 'requests.storage': '10Mi' } },
  });
  const spec = { source: { http: { url } }, storage: storage('8Mi') };
  await client.create(dataVolumes, dataVolume('web', spec));
  const waiting = await until(client, dataVolumes, key('web'), (found) => {
    return conditionOf(found, 'Bound')?.reason === 'CreatingScratchSpace';
  });
  expect(waiting.status?.phase).toBe('ImportScheduled');
  expect(conditionOf(waiting, 'Bound')).toMatchObject({
    status: 'False',
    message: 'Creating scratch space',
  });
  const claim = await client.get(persistentVolumeClaims, key('web'));
  await expect
    .poll(() => eventsOf(client, claim))
    .toContainEqual(
      expect.objectContaining({
        type: 'Warning',
        reason: 'ErrExceededQuota',
        message: expect.stringMatching(
          /"web-scratch" is forbidden: exceeded quota: disks/,
        ) as string,
      }),
    );
  await client.patch(resourceQuotas, key('disks'), {
    type: 'merge',
    body: { spec: { hard: { 'requests.storage': '16Mi' } } },
  });
  clock.skip(10_000);
  const done = await until(client, dataVolumes, key('web'), succeeded);
  expect(conditionOf(done, 'Bound')).toMatchObject({ status: 'True', message: 'PVC web Bound' });
});
