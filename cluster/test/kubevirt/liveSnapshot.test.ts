import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { beforeAll, expect, test } from 'vitest';

import { persistentVolumeClaims, secrets } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { vmClones } from '../../src/kubevirt/virt-controller/clone/resources.ts';
import { vmExports } from '../../src/kubevirt/virt-controller/export/resources.ts';
import { vmRestores, vmSnapshots } from '../../src/kubevirt/virt-controller/snapshot/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage, microSources } from '../virt-launcher/testGuest.ts';
import { startCluster, type TestCluster, vmAction } from './clusterFixture.ts';
import { diskVm, microDisk } from './manifests.ts';
import { bootPatienceMs, until, untilVm, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const key = (name: string) => ({ namespace: 'default', name });
const target = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web' };

/** Runs a line of shell in a guest by its agent. */
async function inGuest(
  { client, cluster }: TestCluster,
  line: string,
  name = 'web',
): Promise<string> {
  const vmi = await untilVmi(
    client,
    name,
    ({ status }) => status?.conditions?.some(({ type }) => type === 'AgentConnected') ?? false,
    bootPatienceMs,
  );
  const result = await cluster.guestOf(vmi)?.agent?.execute('/bin/sh', ['-c', line], 10_000);
  expect(result).toMatchObject({ exitCode: 0 });
  return (result?.output ?? '').trim();
}

test('a file of a running guest is found again after a restore, in a clone and in an export', async () => {
  const made = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: microSources(),
  });
  const { client, send } = made;
  const template = microDisk('web');
  await client.create(
    virtualMachines,
    diskVm('web', {
      template,
      memory: '256Mi',
      change({
        spec: {
          template: { spec },
        },
      }) {
        if (!spec) return;
        spec.domain.devices.interfaces = [{ name: 'default', masquerade: {} }];
        spec.networks = [{ name: 'default', pod: {} }];
      },
    }),
  );
  await inGuest(made, 'echo before > /proof; sync');

  await client.create(vmSnapshots, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name: 'proof', namespace: 'default' },
    spec: { source: target },
  });
  const taken = await until(
    client,
    vmSnapshots,
    key('proof'),
    ({ status }) => !!status?.readyToUse,
  );
  expect(taken.status?.indications).toEqual(['Online', 'GuestAgent']);
  // The guest goes on writing, to the new layer.
  await inGuest(made, 'echo after > /proof; sync');
  expect(await inGuest(made, 'cat /proof')).toBe('after');

  const grown = { spec: { resources: { requests: { storage: '3Gi' } } } };
  await client.patch(persistentVolumeClaims, key('web'), { type: 'merge', body: grown });
  await until(client, persistentVolumeClaims, key('web'), ({ status }) => {
    return status?.capacity?.['storage'] === '3Gi';
  });
  expect(await inGuest(made, 'cat /sys/block/vda/size')).toBe(String((3 * 2 ** 30) / 512));

  await client.create(persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'dump', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  await send('PUT', vmAction('web', 'memorydump'), { body: { claimName: 'dump' } });
  const dumped = await until(
    client,
    virtualMachines,
    key('web'),
    ({ status }) => status?.memoryDumpRequest?.phase === 'Completed',
    bootPatienceMs,
  );
  const dump = await client.get(persistentVolumeClaims, key('dump'));
  const { fileName = '' } = dumped.status?.memoryDumpRequest ?? {};
  const core = join(made.dataDir, 'volumes', dump.spec.volumeName ?? '', fileName);
  expect((await stat(core)).size).toBeGreaterThanOrEqual(256 * 2 ** 20);

  await send('PUT', vmAction('web', 'stop'));
  await untilVm(client, 'web', 'Stopped');
  await client.create(vmRestores, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineRestore',
    metadata: { name: 'back', namespace: 'default' },
    spec: { target, virtualMachineSnapshotName: 'proof', volumeRestorePolicy: 'InPlace' },
  });
  await until(client, vmRestores, key('back'), ({ status }) => status?.complete === true);
  await send('PUT', vmAction('web', 'start'));
  expect(await inGuest(made, 'cat /proof')).toBe('before');

  const uuid = await inGuest(made, 'cat /sys/class/dmi/id/product_uuid');
  await client.create(vmClones, {
    apiVersion: 'clone.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClone',
    metadata: { name: 'clone', namespace: 'default' },
    spec: {
      source: target,
      target: { ...target, name: 'copy' },
      newMacAddresses: { default: '02:00:00:00:00:0a' },
      newSMBiosSerial: 'copy-1',
    },
  });
  await until(client, vmClones, key('clone'), ({ status }) => status?.phase === 'Succeeded');
  await client.delete(virtualMachines, key('web'));
  await send('PUT', vmAction('copy', 'start'));
  expect(await inGuest(made, 'cat /proof', 'copy')).toBe('before');
  const address = 'cat /sys/class/net/eth0/address';
  expect(await inGuest(made, address, 'copy')).toBe('02:00:00:00:00:0a');
  expect(await inGuest(made, 'cat /sys/class/dmi/id/product_serial', 'copy')).toBe('copy-1');
  expect(await inGuest(made, 'cat /sys/class/dmi/id/product_uuid', 'copy')).not.toBe(uuid);

  await send('PUT', vmAction('copy', 'stop'));
  await untilVm(client, 'copy', 'Stopped');
  const { bytes, digest } = await exportedDisk(made, 'copy');
  const volume = await client.get(virtualMachines, key('copy'));
  const claim = volume.spec.template.spec?.volumes?.[0]?.dataVolume?.name ?? '';
  const { spec } = await client.get(persistentVolumeClaims, key(claim));
  const file = join(made.dataDir, 'volumes', spec.volumeName ?? '', 'disk.qcow2');
  const raw = join(made.dataDir, 'converted.raw');
  execFileSync('qemu-img', ['convert', '-O', 'raw', await realpath(file), raw]);
  expect(bytes).toBe((await stat(raw)).size);
  expect(digest).toBe(await digestOf(createReadStream(raw)));
}, 180_000);

/** Size and digest of the first disk of a VM, as it is downloaded. */
async function exportedDisk({ client }: TestCluster, vm: string) {
  await client.create(vmExports, {
    apiVersion: 'export.kubevirt.io/v1',
    kind: 'VirtualMachineExport',
    metadata: { name: 'disk', namespace: 'default' },
    spec: { source: { ...target, name: vm } },
  });
  const { status } = await until(
    client,
    vmExports,
    key('disk'),
    (one) => one.status?.phase === 'Ready',
  );
  const secret = await client.get(secrets, key(status?.tokenSecretRef ?? ''));
  const token = Buffer.from(secret.data?.['token'] ?? '', 'base64').toString('utf8');
  const [volume] = status?.links?.external?.volumes ?? [];
  const url = volume?.formats?.find(({ format }) => format === 'gzip')?.url ?? '';
  const response = await fetch(url, { headers: { 'x-kubevirt-export-token': token } });
  const unpacked = Readable.from(response.body ?? []).pipe(createGunzip());
  let bytes = 0;
  unpacked.on('data', (chunk: Buffer) => (bytes += chunk.length));
  return { digest: await digestOf(unpacked), bytes };
}

async function digestOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
