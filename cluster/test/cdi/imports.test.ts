import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import { readQcow2Header } from '../../src/cdi/importer/readQcow2Header.ts';
import { persistentVolumeClaims, pods, secrets } from '../../src/client/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster, temporaryFolder } from '../kubevirt/clusterFixture.ts';
import { listenOnce } from '../kubevirt/listenOnce.ts';
import { dataVolume } from '../kubevirt/manifests.ts';
import { eventsOf, until, untilGone } from '../kubevirt/watching.ts';
import { serve } from './imageServer.ts';
import { check, contentOf, converted, diskOf, mebibyte, rawImage } from './testDisks.ts';

const run = promisify(execFile);
const key = (name: string) => ({ namespace: 'default', name });
const storage = (size: string) => ({ resources: { requests: { storage: size } } });
const http = (url: string, more: object = {}) => ({ source: { http: { url, ...more } } });
const succeeded = ({ status }: DataVolume) => status?.phase === 'Succeeded';
const running = ({ status }: DataVolume) =>
  status?.conditions?.find(({ type }) => type === 'Running');
const failed = (found: DataVolume) => running(found)?.reason === 'Error';

const annotation = 'cdi.kubevirt.io/storage.';

const realDisks = async () => startCluster({ runtime: await QemuRuntime.create() });

/** Serves the files of a folder by their names. */
const files = (folder: string) => async (request: IncomingMessage, response: ServerResponse) => {
  const path = join(folder, request.url ?? '');
  response.setHeader('content-length', (await stat(path)).size);
  createReadStream(path).pipe(response);
};

test('every format and compression that CDI takes gives the same disk', async () => {
  const folder = await temporaryFolder();
  const raw = await rawImage(folder);
  const names = ['disk.raw'];
  for (const format of ['qcow2', 'vmdk', 'vdi', 'vhdx']) {
    names.push((await converted(raw, format)).slice(folder.length + 1));
  }
  await run('gzip', ['-k', raw]);
  await run('xz', ['-k', '-0', `${raw}.qcow2`]);
  names.push('disk.raw.gz', 'disk.raw.qcow2.xz');
  const url = await serve((request, response) => void files(folder)(request, response));
  const { client, dataDir } = await realDisks();
  const expected = Buffer.alloc(16 * mebibyte);
  (await readFile(raw)).copy(expected);
  await Promise.all(
    names.map(async (name) => {
      const spec = { ...http(`${url}/${name}`), storage: storage('16Mi') };
      await client.create(dataVolumes, dataVolume(name, spec));
      const done = await until(client, dataVolumes, key(name), succeeded);
      expect(done.status?.progress).toBe('100.0%');
      const disk = await diskOf(client, name);
      await check(disk);
      expect(expected.equals(await contentOf(disk, folder)), name).toBe(true);
    }),
  );
  // Nothing is left of what came on the way.
  expect(await readdir(join(dataDir, 'layers'))).toHaveLength(names.length);
});

test('zeros of a raw image take no room', async () => {
  const folder = await temporaryFolder();
  const raw = await rawImage(folder);
  const url = await serve((request, response) => void files(folder)(request, response));
  const { client } = await realDisks();
  const spec = { ...http(`${url}/disk.raw`), storage: storage('1Gi') };
  await client.create(dataVolumes, dataVolume('sparse', spec));
  await until(client, dataVolumes, key('sparse'), succeeded);
  const disk = await diskOf(client, 'sparse');
  expect((await stat(disk)).size).toBeLessThan((await stat(raw)).size / 4);
  expect((await readQcow2Header(disk))?.virtualBytes).toBe(1024 * mebibyte);
});

test('name and password, headers and a checksum go with the request', async () => {
  const folder = await temporaryFolder();
  const raw = await readFile(await rawImage(folder));
  const seen: IncomingMessage['headers'][] = [];
  const url = await serve((request, response) => {
    seen.push(request.headers);
    response.end(raw);
  });
  const { client } = await realDisks();
  const data = { accessKeyId: btoa('ann'), secretKey: btoa('geheim') };
  for (const [name, content] of [
    ['user', data],
    ['token', { header: btoa('x-token: 42') }],
  ] as const) {
    const metadata = { name, namespace: 'default' };
    await client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata, data: content });
  }
  const checksum = `sha256:${createHash('sha256').update(raw).digest('hex')}`;
  const more = {
    secretRef: 'user',
    extraHeaders: ['x-extra: yes'],
    secretExtraHeaders: ['token'],
    checksum,
  };
  const spec = { ...http(`${url}/disk`, more), storage: storage('8Mi') };
  await client.create(dataVolumes, dataVolume('with-user', spec));
  await until(client, dataVolumes, key('with-user'), succeeded);
  expect(seen[0]).toMatchObject({
    authorization: `Basic ${btoa('ann:geheim')}`,
    'x-extra': 'yes',
    'x-token': '42',
  });
});

test.for([
  {
    why: 'the server has no such image',
    answer: (response: ServerResponse) => void response.writeHead(404).end(),
    message:
      'Unable to connect to http data source: expected status code 200, got 404. Status: 404 Not Found',
  },
  {
    why: 'the connection ends in the middle',
    answer: (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': 2 * mebibyte });
      response.write(Buffer.alloc(mebibyte, 1), () => response.destroy());
    },
    message: 'Unable to process data: unexpected EOF',
  },
  {
    why: 'the image is larger than its claim',
    answer: (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': 9 * mebibyte }).end(Buffer.alloc(9 * mebibyte));
    },
    message: 'DataVolume too small to contain image',
    whole: `Unable to process data: Unable to convert source data to target format: virtual image size ${9 * mebibyte} is larger than the reported available storage ${8 * mebibyte}. A larger PVC is required`,
  },
  {
    why: 'the compressed bytes are damaged',
    answer: (response: ServerResponse) => {
      const packed = gzipSync(Buffer.alloc(mebibyte, 7));
      packed[packed.length - 6] = 1;
      response.end(packed);
    },
    message: 'Unable to process data: incorrect data check',
  },
])('an import says that $why, and is tried again', async ({ answer, message, whole = message }) => {
  const folder = await temporaryFolder();
  const raw = await readFile(await rawImage(folder));
  let asked = 0;
  const url = await serve((_request, response) => {
    asked += 1;
    if (asked === 1) answer(response);
    else response.end(raw);
  });
  const { client, clock, dataDir } = await realDisks();
  const spec = { ...http(`${url}/disk`), storage: storage('8Mi') };
  const created = await client.create(dataVolumes, dataVolume('web', spec));
  const broken = await until(client, dataVolumes, key('web'), failed);
  expect(running(broken)).toMatchObject({ reason: 'Error', message });
  expect(broken.status).toMatchObject({ phase: 'ImportInProgress', restartCount: 1 });
  expect(await readdir(join(dataDir, 'layers')).catch(() => [])).toEqual([]);
  await expect
    .poll(() => eventsOf(client, created))
    .toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'Error', message }));
  // The claim is told all that the importer said.
  const claim = await client.get(persistentVolumeClaims, key('web'));
  expect(claim.metadata.annotations).toMatchObject({
    [`${annotation}pod.restarts`]: '1',
    [`${annotation}condition.running`]: 'false',
    [`${annotation}condition.running.message`]: message,
  });
  await expect
    .poll(() => eventsOf(client, claim))
    .toContainEqual(
      expect.objectContaining({ type: 'Warning', reason: 'ErrImportFailed', message: whole }),
    );
  clock.skip(5000);
  const done = await until(client, dataVolumes, key('web'), succeeded);
  expect(done.status?.restartCount).toBe(1);
  await expect
    .poll(() => eventsOf(client, claim))
    .toContainEqual(
      expect.objectContaining({ reason: 'ImportSucceeded', message: 'Import Successful' }),
    );
});

test('bytes that are not those of the checksum fail for good, also in the next run of the program', async () => {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked += 1;
    response.end('hello');
  });
  const first = await realDisks();
  const wrong = '0'.repeat(32);
  const source = http(`${url}/disk`, { checksum: `md5:${wrong}` });
  const draft = dataVolume('web', { ...source, storage: storage('8Mi') });
  const created = await first.client.create(dataVolumes, draft);
  const isFailed = ({ status }: DataVolume) => status?.phase === 'Failed';
  const message = `Unable to process data: Unable to transfer source data to scratch space: checksum validation failed: checksum mismatch: expected md5:${wrong}, calculated md5:5d41402abc4b2a76b9719d911017c592`;
  const expectFailed = (found: DataVolume) => {
    expect(running(found)).toMatchObject({ status: 'False', reason: 'ChecksumError', message });
    expect(found.status?.restartCount).toBeUndefined();
  };
  expectFailed(await until(first.client, dataVolumes, key('web'), isFailed));
  const told = async () =>
    (await eventsOf(first.client, created)).map(({ reason, message: text }) => [reason, text]);
  await expect.poll(told).toEqual(
    expect.arrayContaining([
      ['ImportFailed', 'Failed to import into PVC web'],
      ['ChecksumError', message],
    ]),
  );
  await untilGone(first.client, pods, key('importer-web'));
  await untilGone(first.client, persistentVolumeClaims, key('web-scratch'));
  expect(await readdir(join(first.dataDir, 'layers'))).toEqual([]);
  first.clock.skip(600_000);
  await first.close();
  const next = await startCluster({ runtime: await QemuRuntime.create(), dataDir: first.dataDir });
  // Something else that is imported meanwhile shows that the controllers are at work.
  const other = { ...http(`${url}/disk`), storage: storage('8Mi') };
  await next.client.create(dataVolumes, dataVolume('other', other));
  await until(next.client, dataVolumes, key('other'), succeeded);
  expectFailed(await until(next.client, dataVolumes, key('web'), isFailed));
  expect(asked).toBe(2);
});

test('an image that names another file of this machine is refused', async () => {
  const folder = await temporaryFolder();
  const secret = await rawImage(folder, 'secret');
  const image = join(folder, 'evil.qcow2');
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', secret, image]);
  const url = await serve((request, response) => void files(folder)(request, response));
  const { client } = await realDisks();
  const spec = { ...http(`${url}/evil.qcow2`), storage: storage('16Mi') };
  await client.create(dataVolumes, dataVolume('evil', spec));
  const broken = await until(client, dataVolumes, key('evil'), failed);
  expect(running(broken)?.message).toContain(`invalid because it has backing file ${secret}`);
});

test('no URL leads to the API server, also by a redirect; other schemes are refused', async () => {
  const { client, cluster } = await realDisks();
  const { port } = await listenOnce(cluster.api);
  const url = await serve((_request, response) => {
    response.writeHead(302, { location: `https://localhost:${port}/healthz` }).end();
  });
  for (const [name, target] of [
    ['direct', `https://127.0.0.1:${port}/healthz`],
    ['redirected', url],
    ['metadata', 'http://169.254.169.254/latest/meta-data'],
  ] as const) {
    const spec = { ...http(target), storage: storage('8Mi') };
    await client.create(dataVolumes, dataVolume(name, spec));
    const broken = await until(client, dataVolumes, key(name), failed);
    expect(running(broken)?.message).toContain(
      "connections to the cluster's own addresses are not allowed",
    );
  }
  const file = { ...http('file:///etc/passwd'), storage: storage('8Mi') };
  for (const [refused, text] of [
    [
      { s3: { url: 'file:///etc/passwd' } },
      'spec.source Invalid source URL scheme: file:///etc/passwd',
    ],
    [
      { registry: { url: 'file:///etc/passwd' } },
      'Illegal registry source URL scheme file:///etc/passwd',
    ],
    [{ http: { url: '' } }, 'spec.source source URL is empty'],
    [
      { http: { url: 'http://x/y', checksum: 'md5:12' } },
      'Invalid checksum format: invalid md5 hash length: expected 32 hex characters, got 2',
    ],
  ] as const) {
    const draft = dataVolume('refused', { source: refused as object, storage: storage('8Mi') });
    await expect(client.create(dataVolumes, draft)).rejects.toThrow(text);
  }
  await expect(client.create(dataVolumes, dataVolume('file', file))).rejects.toThrow(
    'admission webhook "datavolume-validate.cdi.kubevirt.io" denied the request: spec.source Invalid source URL scheme: file:///etc/passwd',
  );
});

test('deleting a DataVolume ends its download and leaves nothing', async () => {
  let ended: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (ended = resolve));
  const url = await serve((_request, response) => {
    response.once('close', ended);
    response.writeHead(200, { 'content-length': 8 * mebibyte });
    response.write(Buffer.alloc(4 * mebibyte, 1));
  });
  const { client, dataDir } = await realDisks();
  const spec = { ...http(`${url}/disk`), storage: storage('8Mi') };
  await client.create(dataVolumes, dataVolume('web', spec));
  const half = await until(client, dataVolumes, key('web'), ({ status }) => {
    return status?.progress !== undefined && Number.parseFloat(status.progress) > 0;
  });
  expect(half.status).toMatchObject({ phase: 'ImportInProgress' });
  expect(half.status?.progress).toMatch(/^\d+\.\d\d%$/);
  await client.delete(dataVolumes, key('web'));
  await gone;
  await untilGone(client, persistentVolumeClaims, key('web'));
  await untilGone(client, pods, key('importer-web'));
  await untilGone(client, persistentVolumeClaims, key('web-scratch'));
  for (const folder of ['layers', 'volumes', 'pods']) {
    await expect.poll(() => readdir(join(dataDir, folder)), { message: folder }).toEqual([]);
  }
});
