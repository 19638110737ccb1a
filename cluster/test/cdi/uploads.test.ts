import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { request as requestHttps } from 'node:https';

import { expect, test } from 'vitest';

import { cdiConfigs, type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster, temporaryFolder, type TestCluster } from '../kubevirt/clusterFixture.ts';
import { dataVolume } from '../kubevirt/manifests.ts';
import { until } from '../kubevirt/watching.ts';
import { contentOf, converted, diskOf, mebibyte, rawImage } from './testDisks.ts';

const key = { namespace: 'default', name: 'web' };
const tokens = '/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/default/uploadtokenrequests';
const phase = (wanted: string) => (found: DataVolume) => found.status?.phase === wanted;

/** A cluster with a DataVolume of 8 MiB that waits for its upload. */
async function uploadTarget() {
  const made = await startCluster({ runtime: await QemuRuntime.create() });
  const spec = {
    source: { upload: {} },
    storage: { resources: { requests: { storage: '8Mi' } } },
  };
  await made.client.create(dataVolumes, dataVolume('web', spec));
  const ready = await until(made.client, dataVolumes, key, phase('UploadReady'));
  expect(ready.status?.progress).toBe('N/A');
  const { status } = await configOf(made);
  return { ...made, url: status?.uploadProxyURL ?? '', token: await tokenFor(made) };
}

/** CDIConfig once it names the upload proxy. */
const configOf = ({ client }: Pick<TestCluster, 'client'>) =>
  until(client, cdiConfigs, { name: 'config' }, ({ status }) => !!status?.uploadProxyURL);

async function tokenFor({ send }: TestCluster): Promise<string> {
  const reply = await send('POST', tokens, { body: { spec: { pvcName: 'web' } } });
  expect(reply.code).toBe(200);
  return String((reply.body['status'] as { token?: string }).token);
}

const post = (url: string, token: string, body: string | Buffer | FormData) =>
  fetch(url, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });

test.for(['upload', 'upload-async', 'upload-form', 'upload-form-async'])(
  'an image comes whole through /v1beta1/%s',
  async (path) => {
    const folder = await temporaryFolder();
    const raw = await rawImage(folder);
    const image = await readFile(await converted(raw, 'qcow2'));
    const { client, url, token } = await uploadTarget();
    const form = new FormData();
    form.set('note', 'a field that is not the file');
    form.set('file', new Blob([image]), 'disk.qcow2');
    const body = path.includes('form') ? form : image;
    expect((await post(`${url}/v1beta1/${path}`, token, body)).status).toBe(200);
    await until(client, dataVolumes, key, phase('Succeeded'));
    const content = await contentOf(await diskOf(client, 'web'), folder);
    expect(content.equals(await readFile(raw))).toBe(true);
    const again = await post(`${url}/v1beta1/${path}`, token, 'x');
    expect(again.status).toBe(503);
    expect(await again.text()).toContain('already finished uploading');
  },
);

test('without a token, with a wrong or an old one nothing is taken', async () => {
  const { url, token, clock } = await uploadTarget();
  const path = `${url}/v1beta1/upload`;
  expect((await fetch(path, { method: 'POST', body: 'x' })).status).toBe(400);
  expect((await post(path, 'other', 'x')).status).toBe(401);
  const head = await fetch(`${url}/v1beta1/upload-async`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(head.status).toBe(200);
  clock.skip(5 * 60_000);
  expect((await post(path, token, 'x')).status).toBe(401);
});

test('a page of any origin may upload', async () => {
  const { url } = await uploadTarget();
  const reply = await fetch(`${url}/v1beta1/upload`, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://console',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });
  expect(reply.headers.get('access-control-allow-origin')).toBe('*');
  expect(reply.headers.get('access-control-allow-headers')).toBe('authorization');
});

test('an image that is too large is refused; another one may follow', async () => {
  const { client, url, token } = await uploadTarget();
  const large = await post(`${url}/v1beta1/upload`, token, Buffer.alloc(9 * mebibyte, 1));
  expect(large.status).toBe(500);
  expect(await large.text()).toContain(
    `virtual image size ${9 * mebibyte} is larger than the reported available storage`,
  );
  expect((await post(`${url}/v1beta1/upload`, token, Buffer.alloc(mebibyte, 1))).status).toBe(200);
  await until(client, dataVolumes, key, phase('Succeeded'));
});

test('a connection that is cut leaves nothing, and the next upload is taken', async () => {
  const { client, url, token } = await uploadTarget();
  await new Promise<void>((resolve) => {
    const cut = request(`${url}/v1beta1/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-length': 4 * mebibyte },
    });
    cut.once('error', () => undefined);
    cut.once('close', resolve);
    cut.write(Buffer.alloc(mebibyte, 1), () => cut.destroy());
  });
  await expect
    .poll(async () => (await post(`${url}/v1beta1/upload`, token, Buffer.alloc(mebibyte))).status)
    .toBe(200);
  await until(client, dataVolumes, key, phase('Succeeded'));
});

/** Status of an upload over HTTPS; rejects when the proxy does not show a certificate of that authority. */
const postOverTls = (url: string, token: string, body: Buffer, ca?: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-length': body.length };
    const sending = requestHttps(url, { method: 'POST', headers, ...(ca && { ca }) }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    sending.once('error', reject);
    sending.end(body);
  });

test('HTTPS is on the same port, with the authority of the cluster', async () => {
  const { client, url, token } = await uploadTarget();
  const secure = `${url.replace('http:', 'https:')}/v1beta1/upload`;
  const body = Buffer.alloc(3 * mebibyte, 7);
  await expect(postOverTls(secure, token, body)).rejects.toThrow('certificate');
  const { status } = await configOf({ client });
  const { uploadProxyCA } = status as { uploadProxyCA?: string };
  expect(await postOverTls(secure, token, body, uploadProxyCA)).toBe(200);
  await until(client, dataVolumes, key, phase('Succeeded'));
});

test('address and token of an upload outlast the program', async () => {
  const { url, token, dataDir, close } = await uploadTarget();
  await close();
  const { client } = await startCluster({ dataDir, runtime: await QemuRuntime.create() });
  expect((await configOf({ client })).status?.uploadProxyURL).toBe(url);
  expect((await post(`${url}/v1beta1/upload`, token, Buffer.alloc(mebibyte))).status).toBe(200);
  await until(client, dataVolumes, key, phase('Succeeded'));
});

test('what only looks like an image is refused with the words of qemu-img', async () => {
  const { client, url, token } = await uploadTarget();
  const noImage = Buffer.concat([Buffer.from('QFI\xfb', 'latin1'), Buffer.alloc(4096, 0xff)]);
  const reply = await post(`${url}/v1beta1/upload`, token, noImage);
  expect(reply.status).toBe(500);
  expect(await reply.text()).toContain('Unable to convert source data to target format');
  const { status } = await client.get(dataVolumes, key);
  expect(status?.phase).toBe('UploadReady');
});

test('what cannot be processed after the answer is told by the DataVolume, which takes another', async () => {
  const { client, url, token } = await uploadTarget();
  const noImage = Buffer.concat([Buffer.from('QFI\xfb', 'latin1'), Buffer.alloc(4096, 0xff)]);
  const reply = await post(`${url}/v1beta1/upload-async`, token, noImage);
  // It may be too late for the answer, or not.
  if (reply.ok) {
    const failed = await until(
      client,
      dataVolumes,
      key,
      ({ status }) => status?.restartCount === 1,
    );
    const running = failed.status?.conditions?.find(({ type }) => type === 'Running');
    expect(running).toMatchObject({ status: 'False', reason: 'Error' });
    expect(running?.message).toContain('Unable to convert source data to target format');
    await until(client, dataVolumes, key, phase('UploadReady'));
  }
  await expect
    .poll(async () => (await post(`${url}/v1beta1/upload`, token, Buffer.alloc(mebibyte))).status, {
      timeout: 30_000,
    })
    .toBe(200);
  await until(client, dataVolumes, key, phase('Succeeded'));
});
