import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { pods, secrets } from '../../src/client/resources.ts';
import {
  cloudKernelName,
  newestPackages,
  unpackPackages,
} from '../../src/guest-images/aptPackages.ts';
import { cpio } from '../../src/guest-images/cpio.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { Reader } from '../virt-launcher/testGuest.ts';
import { startCluster, temporaryFolder } from './clusterFixture.ts';
import { containerRegistry, pullSecret } from './containerRegistry.ts';
import { plainVm } from './manifests.ts';
import { bootPatienceMs, untilVmi } from './watching.ts';

const packageCache = new URL('../../../node_modules/.cache/virtdeck/packages', import.meta.url)
  .pathname;

/** Debian's kernel, and a first program that says what the kernel was told. */
async function kernelFiles(): Promise<{ kernel: string; initrd: string }> {
  const folder = await temporaryFolder();
  const { signal } = new AbortController();
  const name = await cloudKernelName();
  const packages = await newestPackages([name, 'busybox-static'], signal);
  await unpackPackages(packages, packageCache, join(folder, 'unpacked'), signal);
  const release = (packages.find((one) => one.name.startsWith('linux-image-'))?.name ?? '').replace(
    'linux-image-',
    '',
  );
  const init = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox cat /proc/cmdline > /dev/ttyS0
/bin/busybox sleep 3600
`;
  const content = await readFile(join(folder, 'unpacked/bin/busybox'));
  const initrd = join(folder, 'initrd.gz');
  await writeFile(
    initrd,
    gzipSync(
      cpio([
        ...['bin', 'dev', 'proc'].map((path) => ({ path, kind: 'directory' }) as const),
        { path: 'bin/busybox', kind: 'file', content, executable: true },
        { path: 'init', kind: 'file', content: Buffer.from(init), executable: true },
      ]),
    ),
  );
  return { kernel: join(folder, 'unpacked/boot', `vmlinuz-${release}`), initrd };
}

test('a guest is booted with the kernel of a container image, and told its arguments', async () => {
  const { kernel, initrd } = await kernelFiles();
  const user = { name: 'puller', password: 'let me in' };
  const { host } = await containerRegistry({ 'boot/vmlinuz': kernel, 'boot/initrd': initrd }, user);
  const { client, cluster } = await startCluster({ runtime: await QemuRuntime.create() });
  await client.create(secrets, pullSecret(host, user));
  await client.create(
    virtualMachines,
    plainVm('web', {
      memory: '192Mi',
      change({ spec }) {
        const domain = spec.template.spec?.domain;
        if (!domain) return;
        domain.firmware = {
          kernelBoot: {
            kernelArgs: 'console=ttyS0 colour=blue',
            container: {
              image: `${host}/os/micro:1.0`,
              imagePullSecret: 'access',
              kernelPath: '/boot/vmlinuz',
              initrdPath: '/boot/initrd',
            },
          },
        };
      },
    }),
  );
  const vmi = await untilVmi(client, 'web', 'Running', bootPatienceMs);
  const guest = cluster.guestOf(vmi);
  if (!guest) throw new Error('there is no guest');
  const { items } = await client.list(pods, { labelSelector: 'vmi.kubevirt.io/id=web' });
  expect(items[0]?.spec.containers.map(({ name }) => name)).toEqual([
    'compute',
    'volumekernel-boot-volume',
    'guest-console-log',
  ]);
  await new Reader(await guest.openSerial()).until('console=ttyS0 colour=blue', bootPatienceMs);
});
