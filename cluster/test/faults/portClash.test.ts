import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { pods, secrets } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { startCluster, temporaryFolder } from '../kubevirt/clusterFixture.ts';
import { containerRegistry, pullSecret } from '../kubevirt/containerRegistry.ts';
import { plainVm } from '../kubevirt/manifests.ts';
import { bootPatienceMs, untilVmi } from '../kubevirt/watching.ts';

test('a port of a guest that another program takes meanwhile is told', async () => {
  const found = await startCluster({ runtime: await QemuRuntime.create() });
  const { client, send } = found;
  const user = { name: 'clash', password: 'pass' };
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const disk = join(await temporaryFolder(), 'disk.img');
  await writeFile(disk, Buffer.alloc(2 ** 20));
  const { host } = await containerRegistry({ 'disk/disk.img': disk }, user, held);
  await client.create(secrets, pullSecret(host, user));
  const port = 8080;
  await client.create(
    virtualMachines,
    plainVm('clash', {
      memory: '64Mi',
      change({ spec }) {
        const template = spec.template.spec;
        if (!template) return;
        const image = `${host}/os/micro:1.0`;
        template.networks = [{ name: 'default', pod: {} }];
        template.domain.devices = {
          disks: [{ name: 'root', disk: { bus: 'virtio' } }],
          interfaces: [{ name: 'default', masquerade: {}, ports: [{ port }] }],
        };
        template.volumes = [{ name: 'root', containerDisk: { image, imagePullSecret: 'access' } }];
      },
    }),
  );
  const launcher = async () => {
    const { items } = await client.list(pods, { labelSelector: 'vmi.kubevirt.io/id=clash' });
    return items.find(({ status }) => status?.podIP !== undefined);
  };
  // It has its address, and waits for its image.
  await expect.poll(launcher).toBeDefined();
  const pod = await launcher();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, pod?.status?.podIP, resolve));
  onTestFinished(() => void server.close());
  release();
  await untilVmi(client, 'clash', 'Running', bootPatienceMs);
  const log = await send(
    'GET',
    `/api/v1/namespaces/default/pods/${pod?.metadata.name ?? ''}/log?container=compute`,
  );
  expect(log.text).toContain(`port ${port} of the guest is not reachable`);
}, 120_000);

test('an address on which a program listens is given to no guest', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(8080, '127.64.0.2', resolve));
  onTestFinished(() => void server.close());
  const { client } = await startCluster({ runtime: await QemuRuntime.create() });
  await client.create(virtualMachines, plainVm('beside', { memory: '64Mi' }));
  await untilVmi(client, 'beside', 'Running', bootPatienceMs);
  const { items } = await client.list(pods, { labelSelector: 'vmi.kubevirt.io/id=beside' });
  expect(items[0]?.status?.podIP).toMatch(/^127\.64\./);
  expect(items[0]?.status?.podIP).not.toBe('127.64.0.2');
}, 120_000);
