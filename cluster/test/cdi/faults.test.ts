import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import { configMaps, persistentVolumeClaims, type Pod, pods } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { resizeDisk, smallDisk } from '../faults/fullDisk.ts';
import { startCluster, temporaryFolder, vmAction } from '../kubevirt/clusterFixture.ts';
import { dataVolume, diskVm } from '../kubevirt/manifests.ts';
import { eventsOf, until, untilVmi } from '../kubevirt/watching.ts';
import { serve, serveTls } from './imageServer.ts';
import { contentOf, diskOf, mebibyte } from './testDisks.ts';

const key = (name: string) => ({ namespace: 'default', name });
const storage = (size: string, more: object = {}) => ({
  ...more,
  resources: { requests: { storage: size } },
});
const conditionOf = ({ status }: DataVolume, type: string) =>
  status?.conditions?.find((one) => one.type === type);
const succeeded = ({ status }: DataVolume) => status?.phase === 'Succeeded';
const hasFailed = (found: DataVolume) => conditionOf(found, 'Running')?.reason === 'Error';
const realDisks = async (options: { dataDir?: string } = {}) =>
  startCluster({ runtime: await QemuRuntime.create(), ...options });

test.for([
  {
    why: 'is signed by an unknown authority',
    days: 1,
    trusted: false,
    message: 'certificate signed by unknown authority',
  },
  {
    why: 'has expired',
    days: -1,
    trusted: true,
    message: 'certificate has expired or is not yet valid',
  },
])('a certificate that $why is told of', async ({ days, trusted, message }) => {
  const { url, cert } = await serveTls(
    Buffer.alloc(mebibyte),
    new Date(Date.now() + days * 24 * 3_600_000),
  );
  const { client } = await realDisks();
  const metadata = { name: 'authority', namespace: 'default' };
  await client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { 'ca.pem': cert },
  });
  const http = { url, ...(trusted && { certConfigMap: 'authority' }) };
  const created = await client.create(
    dataVolumes,
    dataVolume('web', { source: { http }, storage: storage('8Mi') }),
  );
  const failed = await until(client, dataVolumes, key('web'), hasFailed);
  const text = `Unable to connect to http data source: GET "${url}": tls: failed to verify certificate: x509: ${message}`;
  expect(conditionOf(failed, 'Running')?.message).toBe(text);
  await expect
    .poll(() => eventsOf(client, created))
    .toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'Error', message: text }));
  if (trusted) return;
  const good = { url, certConfigMap: 'authority' };
  await client.create(
    dataVolumes,
    dataVolume('good', { source: { http: good }, storage: storage('8Mi') }),
  );
  await until(client, dataVolumes, key('good'), succeeded);
});

test('an import onto a full disk says so, leaves nothing, and succeeds when there is room', async () => {
  const folder = await temporaryFolder();
  const dataDir = join(await temporaryFolder(), 'data');
  await mkdir(dataDir);
  smallDisk(dataDir, '200m');
  const raw = join(folder, 'disk.raw');
  const body = Buffer.alloc(80 * mebibyte, 7);
  await writeFile(raw, body);
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': body.length }).end(body);
  });
  const { client, clock } = await realDisks({ dataDir });
  // What is left is too little for the image, though not for the claims.
  const other = join(dataDir, 'other');
  await writeFile(other, Buffer.alloc(136 * mebibyte));
  const spec = { source: { http: { url } }, storage: storage('120Mi') };
  await client.create(dataVolumes, dataVolume('web', spec));
  const failed = await until(client, dataVolumes, key('web'), hasFailed);
  expect(conditionOf(failed, 'Running')?.message).toBe('DataVolume too small to contain image');
  const claim = await client.get(persistentVolumeClaims, key('web'));
  await expect
    .poll(() => eventsOf(client, claim))
    .toContainEqual(
      expect.objectContaining({
        type: 'Warning',
        reason: 'ErrImportFailed',
        message: expect.stringContaining('no space left on device') as string,
      }),
    );
  expect(failed.status).toMatchObject({ phase: 'ImportInProgress', restartCount: 1 });
  expect(await readdir(join(dataDir, 'layers'))).toEqual([]);
  resizeDisk(dataDir, '400m');
  await rm(other);
  clock.skip(5000);
  await until(client, dataVolumes, key('web'), succeeded);
  const disk = await diskOf(client, 'web');
  expect((await contentOf(disk, folder)).subarray(0, body.length).equals(body)).toBe(true);
});

test('a volume for one node is not given to a guest on a second one', async () => {
  const { client, send } = await startCluster({ nodes: 2 });
  const local = { storageClassName: 'hostpath-local', accessModes: ['ReadWriteOnce'] };
  await client.create(
    dataVolumes,
    dataVolume('shared', { source: { blank: {} }, storage: storage('8Mi', local) }),
  );
  const onNode = (name: string, node: string) =>
    diskVm(name, {
      change({ spec }) {
        spec.dataVolumeTemplates = [];
        const template = spec.template.spec;
        if (!template) return;
        template.nodeSelector = { 'kubernetes.io/hostname': node };
        template.volumes = [{ name: 'root', dataVolume: { name: 'shared' } }];
      },
    });
  await client.create(virtualMachines, onNode('first', 'node-1'));
  await untilVmi(client, 'first', 'Running');
  await client.create(virtualMachines, onNode('second', 'node-2'));
  const isOfSecond = ({ metadata }: Pod) => metadata.name.startsWith('virt-launcher-second-');
  const launcher = async () => (await client.list(pods)).items.find(isOfSecond);
  const told = async () => {
    const pod = await launcher();
    const events = pod ? await eventsOf(client, pod) : [];
    return events.find(({ reason }) => reason === 'FailedAttachVolume')?.message;
  };
  await expect
    .poll(told, { timeout: 15_000 })
    .toMatch(
      /^Multi-Attach error for volume "pvc-.*" Volume is already used by pod\(s\) virt-launcher-first-/,
    );
  expect((await launcher())?.status?.phase).toBe('Pending');
  expect(await send('PUT', vmAction('first', 'stop'))).toMatchObject({ code: 202 });
  await untilVmi(client, 'second', 'Running');
});

test('a clone of a volume in use says so, and is made when it is free, also by the next run of the program', async () => {
  const { client, close, dataDir } = await realDisks();
  await client.create(
    dataVolumes,
    dataVolume('from', { source: { blank: {} }, storage: storage('8Mi') }),
  );
  await until(client, dataVolumes, key('from'), succeeded);
  await client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'user', namespace: 'default' },
    spec: {
      containers: [{ name: 'user', image: 'busybox' }],
      volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'from' } }],
    },
  });
  const source = { pvc: { namespace: 'default', name: 'from' } };
  const copy = await client.create(
    dataVolumes,
    dataVolume('copy', { source, storage: storage('8Mi') }),
  );
  const text = 'pod default/user using PersistentVolumeClaim from';
  const waiting = await until(client, dataVolumes, key('copy'), (found) => {
    return conditionOf(found, 'Running')?.message === text;
  });
  expect(waiting.status?.phase).toBe('CloneScheduled');
  const inUse = async () =>
    (await eventsOf(client, copy)).find(({ reason }) => reason === 'CloneSourceInUse');
  await expect.poll(inUse).toMatchObject({ type: 'Warning', message: text });
  await close();
  const next = await realDisks({ dataDir });
  await next.client.delete(pods, key('user'));
  await until(next.client, dataVolumes, key('copy'), succeeded);
});

test('an upload that was cut by the end of the program leaves nothing, and is taken anew', async () => {
  const made = await realDisks();
  const { client, dataDir, send } = made;
  await client.create(
    dataVolumes,
    dataVolume('web', { source: { upload: {} }, storage: storage('8Mi') }),
  );
  await until(client, dataVolumes, key('web'), ({ status }) => status?.phase === 'UploadReady');
  const config = await send('GET', '/apis/cdi.kubevirt.io/v1beta1/cdiconfigs/config');
  const { uploadProxyURL } = config.body['status'] as { uploadProxyURL: string };
  const path = '/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/default/uploadtokenrequests';
  const reply = await send('POST', path, { body: { spec: { pvcName: 'web' } } });
  const { token } = reply.body['status'] as { token: string };
  const body = Buffer.alloc(4 * mebibyte, 5);
  const upload = (stream: ReadableStream | Buffer) =>
    fetch(`${uploadProxyURL}/v1beta1/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: stream,
      duplex: 'half',
    });
  const stalled = new ReadableStream({
    start(controller) {
      controller.enqueue(body.subarray(0, 2 * mebibyte));
    },
    pull: () => new Promise(() => undefined),
  });
  const cut = upload(stalled).catch(() => undefined);
  const layers = () => readdir(join(dataDir, 'layers')).catch(() => []);
  await expect.poll(layers).toHaveLength(1);
  await made.close();
  await cut;
  const next = await realDisks({ dataDir });
  await until(
    next.client,
    dataVolumes,
    key('web'),
    ({ status }) => status?.phase === 'UploadReady',
  );
  expect(await layers()).toEqual([]);
  expect((await upload(body)).status).toBe(200);
  await until(next.client, dataVolumes, key('web'), succeeded);
});
