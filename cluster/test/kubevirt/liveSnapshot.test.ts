import { beforeAll, expect, test } from 'vitest';

import { persistentVolumeClaims } from '../../src/client/resources.ts';
import { guestImages } from '../../src/guest-images/guestImages.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import { vmRestores, vmSnapshots } from '../../src/kubevirt/virt-controller/snapshot/resources.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';
import { microImage } from '../virt-launcher/testGuest.ts';
import { startCluster, type TestCluster, vmAction } from './clusterFixture.ts';
import { diskVm } from './manifests.ts';
import { bootPatienceMs, until, untilVm, untilVmi } from './watching.ts';

// Made once for all runs; its making is not what is tested here.
beforeAll(() => microImage());

const key = (name: string) => ({ namespace: 'default', name });
const target = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web' };

/** Runs a line of shell in the guest by its agent. */
async function inGuest({ client, cluster }: TestCluster, line: string): Promise<string> {
  const vmi = await untilVmi(
    client,
    'web',
    ({ status }) => status?.conditions?.some(({ type }) => type === 'AgentConnected') ?? false,
    bootPatienceMs,
  );
  const result = await cluster.guestOf(vmi)?.agent?.execute('/bin/sh', ['-c', line], 10_000);
  expect(result).toMatchObject({ exitCode: 0 });
  return (result?.output ?? '').trim();
}

test('a file of a running guest is found again after a restore; a claim grows in the guest', async () => {
  const cache = new URL('../../../node_modules/.cache/virtdeck', import.meta.url).pathname;
  const made = await startCluster({
    runtime: await QemuRuntime.create(),
    guestImages: guestImages(cache, () => undefined).filter(({ name }) => name === 'micro'),
  });
  const { client, send } = made;
  const sourceRef = { kind: 'DataSource', name: 'micro', namespace: 'kubevirt-os-images' };
  const template = { metadata: { name: 'web' }, spec: { sourceRef, storage: {} } };
  await client.create(virtualMachines, diskVm('web', { template, memory: '256Mi' }));
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

  await send('PUT', vmAction('web', 'stop'));
  await untilVm(client, 'web', 'Stopped');
  await client.create(vmRestores, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineRestore',
    metadata: { name: 'back', namespace: 'default' },
    spec: { target, virtualMachineSnapshotName: 'proof' },
  });
  await until(client, vmRestores, key('back'), ({ status }) => status?.complete === true);
  await send('PUT', vmAction('web', 'start'));
  expect(await inGuest(made, 'cat /proof')).toBe('before');
}, 120_000);
