import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { cdiConfigs, type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import { persistentVolumeClaims, secrets } from '../../src/client/resources.ts';
import { vmExports } from '../../src/kubevirt/virt-controller/export/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { serve } from '../cdi/imageServer.ts';
import { check, contentOf, diskOf, mebibyte } from '../cdi/testDisks.ts';
import { startCluster, temporaryFolder, type TestCluster } from '../kubevirt/clusterFixture.ts';
import { dataVolume } from '../kubevirt/manifests.ts';
import { until } from '../kubevirt/watching.ts';
import { killProcess, startProcess } from './clusterProcess.ts';
import { orphans } from './orphans.ts';

const key = (name: string) => ({ namespace: 'default', name });
const storage = { resources: { requests: { storage: '32Mi' } } };
const phase = (wanted: string) => (found: DataVolume) => found.status?.phase === wanted;
const token = 'secret-of-the-export';

/** A DataVolume `sent` that waits for its upload; gives where it goes, with the token of it. */
async function uploadTarget({ client, send }: TestCluster) {
  await client.create(dataVolumes, dataVolume('sent', { source: { upload: {} }, storage }));
  await until(client, dataVolumes, key('sent'), phase('UploadReady'));
  const config = await until(client, cdiConfigs, { name: 'config' }, ({ status }) => {
    return !!status?.uploadProxyURL;
  });
  const path = '/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/default/uploadtokenrequests';
  const { body } = await send('POST', path, { body: { spec: { pvcName: 'sent' } } });
  const { token: bearer = '' } = body['status'] as { token?: string };
  return { url: `${config.status?.uploadProxyURL ?? ''}/v1beta1/upload`, bearer };
}

/** A claim `data` with an image, and where it can be downloaded. */
async function exported({ client }: TestCluster, image: Buffer): Promise<string> {
  const url = await serve((_request, response) => void response.end(image));
  await client.create(dataVolumes, dataVolume('data', { source: { http: { url } }, storage }));
  await until(client, dataVolumes, key('data'), phase('Succeeded'));
  await client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'token', namespace: 'default' },
    data: { token: btoa(token) },
  });
  await client.create(vmExports, {
    apiVersion: 'export.kubevirt.io/v1',
    kind: 'VirtualMachineExport',
    metadata: { name: 'out', namespace: 'default' },
    spec: {
      source: { apiGroup: '', kind: 'PersistentVolumeClaim', name: 'data' },
      tokenSecretRef: 'token',
    },
  });
  const { status } = await until(client, vmExports, key('out'), (found) => {
    return found.status?.phase === 'Ready';
  });
  return status?.links?.external?.volumes?.[0]?.formats?.[0]?.url ?? '';
}

/** Sends the first bytes of a body, and then nothing more. */
function half(url: string, bearer: string, body: Buffer): ClientRequest {
  const headers = { authorization: `Bearer ${bearer}`, 'content-length': body.length };
  const sending = request(url, { method: 'POST', headers });
  sending.on('error', () => undefined);
  sending.write(body.subarray(0, body.length / 2));
  return sending;
}

test('an upload and a download that a kill cuts off leave no half disk, and are done anew', async () => {
  const folder = await temporaryFolder();
  const dataDir = await temporaryFolder();
  const image = randomBytes(32 * mebibyte);
  const sent = randomBytes(24 * mebibyte);
  const runtime = await QemuRuntime.create();
  const first = await startCluster({ dataDir, runtime });
  const upload = await uploadTarget(first);
  const link = await exported(first, image);
  const layers = () => readdir(join(dataDir, 'layers'));
  await first.close();

  const child = startProcess(dataDir, []);
  const headers = { 'x-kubevirt-export-token': token };
  // Its addresses are those of the run before, once it listens.
  const ready = async () => (await fetch(link, { method: 'HEAD', headers })).status;
  await expect.poll(() => ready().catch(() => 0), { timeout: 60_000 }).toBe(200);
  // A download leaves a layer beside that of the image.
  const before = await layers();
  half(upload.url, upload.bearer, sent);
  await expect
    .poll(async () => (await layers()).length, { timeout: 60_000 })
    .toBe(before.length + 1);
  const asking = request(link, { headers });
  asking.end();
  const [reply] = (await once(asking, 'response')) as [IncomingMessage];
  const [start] = (await once(reply, 'data')) as [Buffer];
  reply.pause();
  const kept = async () =>
    (await readdir(join(dataDir, 'snapshots'))).filter((name) => name.startsWith('export-'));
  expect(await kept()).toHaveLength(1);
  const cut = once(reply, 'error');
  await killProcess(child);
  reply.resume();
  // Whoever downloads is told that it is not all.
  expect(String((await cut)[0])).toMatch(/aborted|ECONNRESET/);

  const next = await startCluster({ dataDir, runtime: await QemuRuntime.create() });
  const waiting = await until(next.client, dataVolumes, key('sent'), ({ status }) => {
    return status?.phase === 'UploadReady' || status?.phase === 'Succeeded';
  });
  expect(waiting.status?.phase).toBe('UploadReady');
  const claim = await next.client.get(persistentVolumeClaims, key('sent'));
  expect(claim.metadata.annotations?.['cdi.kubevirt.io/storage.pod.phase']).toBe('Running');
  expect((await layers()).sort()).toEqual(before.sort());
  await expect.poll(kept).toEqual([]);
  await check(await diskOf(next.client, 'data'));
  await expect.poll(() => ready().catch(() => 0)).toBe(200);
  const rest = await fetch(link, { headers: { ...headers, range: `bytes=${start.length}-` } });
  expect(rest.status).toBe(206);
  const whole = Buffer.concat([start, Buffer.from(await rest.arrayBuffer())]);
  expect(whole.equals(image)).toBe(true);

  const again = await fetch(upload.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${upload.bearer}` },
    body: sent,
  });
  expect(again.status).toBe(200);
  await until(next.client, dataVolumes, key('sent'), phase('Succeeded'));
  const content = await contentOf(await diskOf(next.client, 'sent'), folder);
  expect(content.subarray(0, sent.length).equals(sent)).toBe(true);
  expect(await orphans(dataDir, next.client)).toEqual([]);
}, 180_000);
