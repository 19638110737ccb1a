import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { serverCertificate } from '../../src/apiserver/http/certificate.ts';
import { type DataVolume, dataVolumes } from '../../src/cdi/resources.ts';
import { configMaps, persistentVolumeClaims } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster, temporaryFolder } from '../kubevirt/clusterFixture.ts';
import { dataVolume, diskVm } from '../kubevirt/manifests.ts';
import { until, untilVm } from '../kubevirt/watching.ts';
import { contentOf, converted, diskOf, rawImage } from './testDisks.ts';

const run = promisify(execFile);
const key = (name: string) => ({ namespace: 'default', name });
const phase = (wanted: string) => (found: DataVolume) => found.status?.phase === wanted;
const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A registry that asks for a bearer token and has one container disk, for two architectures. */
async function registry(layer: Buffer): Promise<{ host: string; ca: string }> {
  const { key: secret, cert, ca } = await serverCertificate(await temporaryFolder());
  const image = Buffer.from(JSON.stringify({ layers: [{ digest: sha256(layer) }] }));
  const entry = (architecture: string, digest: string) => ({ digest, platform: { architecture } });
  const index = Buffer.from(
    JSON.stringify({
      manifests: [entry('arm64', sha256(Buffer.from(''))), entry('amd64', sha256(image))],
    }),
  );
  const contents: Record<string, Buffer> = {
    '/v2/os/micro/manifests/1.0': index,
    [`/v2/os/micro/manifests/${sha256(image)}`]: image,
    [`/v2/os/micro/blobs/${sha256(layer)}`]: layer,
  };
  const server = createServer({ key: secret, cert }, ({ url = '', headers }, response) => {
    const host = headers.host ?? '';
    if (url.startsWith('/token?')) {
      const scope = new URL(url, 'https://x').searchParams.get('scope');
      return void response.end(JSON.stringify({ token: Buffer.from(scope ?? '').toString('hex') }));
    }
    const token = Buffer.from('repository:os/micro:pull').toString('hex');
    if (headers.authorization !== `Bearer ${token}`) {
      const challenge = `Bearer realm="https://${host}/token",service="test",scope="repository:os/micro:pull"`;
      return void response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
    const content = contents[url];
    response.writeHead(content ? 200 : 404).end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, ca };
}

test('a container disk comes from a registry by its protocol', async () => {
  const folder = await temporaryFolder();
  const raw = await rawImage(folder);
  await mkdir(join(folder, 'disk'));
  await rename(await converted(raw, 'qcow2'), join(folder, 'disk', 'micro.qcow2'));
  await run('tar', ['-czf', join(folder, 'layer.tgz'), '-C', folder, 'disk']);
  const { host, ca } = await registry(await readFile(join(folder, 'layer.tgz')));
  const { client } = await startCluster({ runtime: await QemuRuntime.create() });
  const metadata = { name: 'authority', namespace: 'default' };
  await client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { 'ca.pem': ca },
  });
  const source = (url: string) => ({
    source: { registry: { url, certConfigMap: 'authority' } },
    storage: { resources: { requests: { storage: '8Mi' } } },
  });
  await client.create(dataVolumes, dataVolume('micro', source(`docker://${host}/os/micro:1.0`)));
  await client.create(dataVolumes, dataVolume('none', source(`docker://${host}/os/micro:2.0`)));
  await until(client, dataVolumes, key('micro'), phase('Succeeded'));
  const content = await contentOf(await diskOf(client, 'micro'), folder);
  expect(content.equals(await readFile(raw))).toBe(true);
  const failed = await until(client, dataVolumes, key('none'), ({ status }) => {
    return status?.restartCount === 1;
  });
  const running = failed.status?.conditions?.find(({ type }) => type === 'Running');
  expect(running).toMatchObject({
    reason: 'ImagePullFailed',
    message: expect.stringMatching(
      /Failed to read registry image: failed to pull image: reading manifests\/2\.0 in .*: 404/,
    ) as string,
  });
});

test('a claim waits for its first consumer, which a VM that starts is', async () => {
  const { client } = await startCluster();
  const spec = {
    source: { blank: {} },
    storage: {
      storageClassName: 'hostpath-wait',
      resources: { requests: { storage: '64Mi' } },
    },
  };
  await client.create(dataVolumes, dataVolume('alone', spec));
  await until(client, dataVolumes, key('alone'), phase('WaitForFirstConsumer'));
  const claim = await client.get(persistentVolumeClaims, key('alone'));
  expect(claim.status?.phase).toBe('Pending');
  const template = { metadata: { name: 'used' }, spec };
  await client.create(virtualMachines, diskVm('web', { template }));
  await untilVm(client, 'web', 'Running');
  await until(client, dataVolumes, key('used'), phase('Succeeded'));
});
