import { expect, test } from 'vitest';

import { persistentVolumeClaims } from '../../src/client/resources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import {
  type VirtualMachineClone,
  vmClones,
} from '../../src/kubevirt/virt-controller/clone/resources.ts';
import { vmRestores, vmSnapshots } from '../../src/kubevirt/virt-controller/snapshot/resources.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { diskVm } from './manifests.ts';
import { eventsOf, record, until, untilGone, untilVm } from './watching.ts';

const key = (name: string) => ({ namespace: 'default', name });
const vmRef = (name: string) => ({ apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name });

const cloneOf = (source: object, target: string, more = {}) => ({
  apiVersion: 'clone.kubevirt.io/v1beta1',
  kind: 'VirtualMachineClone',
  metadata: { name: 'clone', namespace: 'default' },
  spec: {
    source: source as VirtualMachineClone['spec']['source'],
    target: vmRef(target),
    ...more,
  },
});

const told = ({ status }: VirtualMachineClone, wanted: string) => {
  const found = status?.conditions?.find(({ type }) => type === wanted);
  return found && `${found.status} ${found.reason ?? ''}`;
};

test('a running VM is cloned, with an identity of its own and what the filters let pass', async () => {
  const { client, send } = await startCluster();
  const source = diskVm('web', {
    change(vm) {
      vm.metadata.labels = { tier: 'front', 'secret/key': 'x' };
      vm.spec.template.metadata = { labels: { app: 'web', tier: 'front' } };
      const { devices } = vm.spec.template.spec?.domain ?? { devices: {} };
      devices.interfaces = [{ name: 'default', masquerade: {}, macAddress: '02:00:00:00:00:01' }];
      const { spec } = vm.spec.template;
      if (spec) spec.networks = [{ name: 'default', pod: {} }];
    },
  });
  const { metadata } = await client.create(virtualMachines, source);
  await untilVm(client, 'web', 'Running');
  const phases = await record(client, vmClones, 'clone', ({ status }) => status?.phase);
  await client.create(
    vmClones,
    cloneOf(vmRef('web'), 'copy', {
      labelFilters: ['*', '!secret/*'],
      template: { labelFilters: ['app'] },
      newMacAddresses: { default: '02:00:00:00:00:0a' },
      newSMBiosSerial: 'copy-1',
      volumeNamePolicy: 'PrefixTargetName',
      patches: ['{"op":"add","path":"/metadata/labels/patched","value":"yes"}'],
    }),
  );
  const clone = await until(client, vmClones, key('clone'), ({ status }) => {
    return status?.phase === 'Succeeded' && !status.snapshotName;
  });
  expect(clone.status).toMatchObject({ targetName: 'copy' });
  expect([told(clone, 'Progressing'), told(clone, 'Ready')]).toEqual(['False Ready', 'True Ready']);
  expect(phases).toEqual(expect.arrayContaining(['SnapshotInProgress', 'RestoreInProgress']));
  await untilGone(client, vmSnapshots, key(`tmp-snapshot-${clone.metadata.uid}`));
  await untilGone(client, vmRestores, key(`tmp-restore-${clone.metadata.uid}`));

  const web = await client.get(virtualMachines, key('web'));
  const copy = await client.get(virtualMachines, key('copy'));
  expect(copy.metadata.labels).toEqual({ tier: 'front', patched: 'yes' });
  expect(copy.spec.template.metadata?.labels).toEqual({ app: 'web' });
  expect(copy.spec.runStrategy).toBe('Halted');
  const domain = copy.spec.template.spec?.domain;
  expect(domain?.devices.interfaces?.[0]?.macAddress).toBe('02:00:00:00:00:0a');
  expect(domain?.firmware?.serial).toBe('copy-1');
  expect(domain?.firmware?.uuid).not.toBe(web.spec.template.spec?.domain.firmware?.uuid);
  expect(copy.metadata.uid).not.toBe(metadata.uid);
  const reasons = (await eventsOf(client, clone)).map(({ reason }) => reason);
  expect(reasons).toEqual(
    expect.arrayContaining([
      ...['SnapshotCreated', 'SnapshotReady', 'RestoreCreated', 'RestoreReady'],
      ...['TargetVMCreated', 'PVCBound', 'SnapshotDeleted'],
    ]),
  );
  await send('PUT', vmAction('copy', 'start'));
  await untilVm(client, 'copy', 'Running');
  // The target is no part of the clone, and its disks are its own.
  await client.delete(vmClones, key('clone'));
  await client.delete(virtualMachines, key('web'));
  await untilGone(client, virtualMachines, key('web'));
  await client.get(persistentVolumeClaims, key('copy-root'));
  await client.delete(virtualMachines, key('copy'));
  await untilGone(client, persistentVolumeClaims, key('copy-root'));
});

test('a clone waits for its source; a target that exists already ends it', async () => {
  const { client } = await startCluster();
  await client.create(vmClones, cloneOf(vmRef('web'), 'copy'));
  const waiting = await until(client, vmClones, key('clone'), (one) => !!told(one, 'Ready'));
  expect(told(waiting, 'Progressing')).toBe('False Pending');
  expect(told(waiting, 'Ready')).toBe('False Source doesnt exist: VirtualMachine default/web');
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await until(client, vmClones, key('clone'), ({ status }) => status?.phase === 'Succeeded');

  const again = cloneOf(vmRef('web'), 'copy');
  await client.create(vmClones, { ...again, metadata: { ...again.metadata, name: 'again' } });
  const failed = await until(client, vmClones, key('again'), ({ status }) => {
    return status?.phase === 'Failed';
  });
  expect(told(failed, 'Ready')).toContain('restore target already exists');
});

test('a VM whose TPM keeps its secrets is not cloned, and not restored as another one', async () => {
  const { client } = await startCluster();
  const vm = diskVm('web', {
    runStrategy: 'Halted',
    change({ spec: { template } }) {
      if (template.spec) template.spec.domain.devices.tpm = { persistent: true };
    },
  });
  await client.create(virtualMachines, vm);
  const clone = await client.create(vmClones, cloneOf(vmRef('web'), 'copy'));
  const waiting = await until(client, vmClones, key('clone'), (one) => !!told(one, 'Ready'));
  expect(told(waiting, 'Progressing')).toBe('False Pending');
  expect(told(waiting, 'Ready')).toContain(
    'Clone of source with backendstorage is not supported: VM default/web',
  );
  await expect
    .poll(async () => (await eventsOf(client, clone)).map(({ reason }) => reason))
    .toContain('SourceVMWithBackendStorageInvalid');
  await client.create(vmSnapshots, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name: 'before', namespace: 'default' },
    spec: { source: vmRef('web') },
  });
  await until(client, vmSnapshots, key('before'), ({ status }) => status?.readyToUse === true);
  const restore = client.create(vmRestores, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineRestore',
    metadata: { name: 'other', namespace: 'default' },
    spec: { target: vmRef('copy'), virtualMachineSnapshotName: 'before' },
  });
  await expect(restore).rejects.toThrow(
    'Restore to a different VM is not supported when snapshotted VM has backend storage (persistent TPM or EFI)',
  );
});

test('a snapshot is cloned as long as it is there', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await client.create(vmSnapshots, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name: 'before', namespace: 'default' },
    spec: { source: vmRef('web') },
  });
  const snapshot = {
    apiGroup: 'snapshot.kubevirt.io',
    kind: 'VirtualMachineSnapshot',
    name: 'before',
  };
  await client.create(vmClones, cloneOf(snapshot, 'copy'));
  await until(client, vmClones, key('clone'), ({ status }) => status?.phase === 'Succeeded');
  await untilVm(client, 'copy', 'Stopped');
  await client.get(vmSnapshots, key('before'));
});

test('what cannot be a clone is refused', async () => {
  const { client } = await startCluster();
  const refused: [change: object, message: string][] = [
    [{ source: { kind: 'VirtualMachine', name: 'web' } }, "Source's APIGroup cannot be empty"],
    [{ source: { ...vmRef('web'), kind: 'Pod' } }, 'Source kind is not supported'],
    [{ target: vmRef('web') }, 'Target name cannot be equal to source name'],
    [{ labelFilters: ['a*b'] }, 'can only be used at the end'],
    [{ annotationFilters: ['a!b'] }, 'can only be used at the beginning'],
    [{ newMacAddresses: { default: 'no' } }, 'malformed MAC address'],
    [{ patches: ['{'] }, 'patch is not valid JSON'],
  ];
  for (const [change, message] of refused) {
    const clone = cloneOf(vmRef('web'), 'copy', change);
    await expect(client.create(vmClones, clone)).rejects.toThrow(message);
  }
});
