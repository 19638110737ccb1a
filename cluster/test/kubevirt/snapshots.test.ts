import { expect, test } from 'vitest';

import type { KubeClient, KubeObject } from '../../src/client/KubeClient.ts';
import { persistentVolumeClaims } from '../../src/client/resources.ts';
import { volumeSnapshots } from '../../src/hostpath-provisioner/snapshotResources.ts';
import { virtualMachines } from '../../src/kubevirt/resources.ts';
import {
  type VirtualMachineRestore,
  type VirtualMachineSnapshot,
  vmRestores,
  vmSnapshotContents,
  vmSnapshots,
} from '../../src/kubevirt/virt-controller/snapshot/resources.ts';
import { startCluster, vmAction } from './clusterFixture.ts';
import { diskVm } from './manifests.ts';
import { eventsOf, until, untilGone, untilVm } from './watching.ts';

const key = (name: string) => ({ namespace: 'default', name });
const vmRef = (name: string) => ({ apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name });

const snapshotOf = (vm: string, name: string, more = {}) => ({
  apiVersion: 'snapshot.kubevirt.io/v1beta1',
  kind: 'VirtualMachineSnapshot',
  metadata: { name, namespace: 'default' },
  spec: { source: vmRef(vm), ...more },
});

const restoreTo = (vm: string, name: string, snapshot: string, more = {}) => ({
  apiVersion: 'snapshot.kubevirt.io/v1beta1',
  kind: 'VirtualMachineRestore',
  metadata: { name, namespace: 'default' },
  spec: { target: vmRef(vm), virtualMachineSnapshotName: snapshot, ...more },
});

const ready = ({ status }: VirtualMachineSnapshot) => status?.readyToUse === true;
const complete = ({ status }: VirtualMachineRestore) => status?.complete === true;
const reason = (
  { status }: VirtualMachineSnapshot | VirtualMachineRestore,
  wanted: string,
): string | undefined => status?.conditions?.find(({ type }) => type === wanted)?.reason;

const reasonsOf = async (client: KubeClient, object: KubeObject) =>
  (await eventsOf(client, object)).map((event) => event.reason);

test('a snapshot of a stopped VM holds its disks, and goes with all that it made', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await untilVm(client, 'web', ({ status }) => {
    return status?.volumeSnapshotStatuses?.[0]?.enabled === true;
  });
  await client.create(vmSnapshots, snapshotOf('web', 'before'));
  const taken = await until(client, vmSnapshots, key('before'), ready);
  expect(taken.status).toMatchObject({
    phase: 'Succeeded',
    indications: [],
    snapshotVolumes: { includedVolumes: ['root'] },
  });
  expect(reason(taken, 'Progressing')).toBe('Operation complete');
  const content = key(taken.status?.virtualMachineSnapshotContentName ?? '');
  const volume = key(`vmsnapshot-${taken.metadata.uid}-volume-root`);
  await client.get(vmSnapshotContents, content);
  await client.get(volumeSnapshots, volume);
  await untilVm(client, 'web', ({ status }) => !status?.snapshotInProgress);
  await expect
    .poll(() => reasonsOf(client, taken))
    .toContain('SuccessfulVirtualMachineSnapshotContentCreate');
  await client.delete(vmSnapshots, key('before'));
  await untilGone(client, vmSnapshotContents, content);
  await untilGone(client, volumeSnapshots, volume);
});

test('a restore leads the stopped VM to the disks of the snapshot', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachines, diskVm('web'));
  await untilVm(client, 'web', 'Running');
  await client.create(vmSnapshots, snapshotOf('web', 'before'));
  const taken = await until(client, vmSnapshots, key('before'), ready);
  expect(taken.status?.indications).toContain('Online');
  await client.create(vmRestores, restoreTo('web', 'back', 'before'));
  const waiting = await until(client, vmRestores, key('back'), (found) => {
    return reason(found, 'Progressing')?.startsWith('Waiting') === true;
  });
  expect(reason(waiting, 'Progressing')).toBe(
    'Waiting for target VM to be powered off. Please stop the restore target to proceed with restore, or the operation will fail after 5m0s',
  );
  // As long as the snapshot has the VM locked it cannot be stopped.
  const stop = async () => (await send('PUT', vmAction('web', 'stop'))).code;
  await expect.poll(stop).toBe(202);
  const restored = await until(client, vmRestores, key('back'), complete);
  const claim = `restore-${restored.metadata.uid}-root`;
  expect(restored.status?.restores?.[0]).toMatchObject({
    volumeName: 'root',
    persistentVolumeClaim: claim,
  });
  const vm = await client.get(virtualMachines, key('web'));
  expect(vm.spec.template.spec?.volumes?.[0]?.dataVolume?.name).toBe(claim);
  await untilGone(client, persistentVolumeClaims, key('web-root'));
  await expect
    .poll(() => reasonsOf(client, restored))
    .toEqual(expect.arrayContaining(['RestoreTargetNotReady', 'VirtualMachineRestoreComplete']));
  await send('PUT', vmAction('web', 'start'));
  await untilVm(client, 'web', 'Running');
});

test('a snapshot may become a VM of its own, with changes', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await client.create(vmSnapshots, snapshotOf('web', 'before'));
  await until(client, vmSnapshots, key('before'), ready);
  const patches = ['{"op":"add","path":"/metadata/labels","value":{"made":"yes"}}'];
  const policy = { volumeRestorePolicy: 'PrefixTargetName', patches };
  await client.create(vmRestores, restoreTo('copy', 'make', 'before', policy));
  await until(client, vmRestores, key('make'), complete);
  const copy = await client.get(virtualMachines, key('copy'));
  const source = await client.get(virtualMachines, key('web'));
  expect(copy.metadata.labels?.['made']).toBe('yes');
  expect(copy.spec.template.spec?.volumes?.[0]?.dataVolume?.name).toBe('copy-root');
  expect(copy.spec.template.spec?.domain.firmware?.uuid).not.toBe(
    source.spec.template.spec?.domain.firmware?.uuid,
  );
  await send('PUT', vmAction('copy', 'start'));
  await untilVm(client, 'copy', 'Running');
});

test('a restore in place fills the claims anew, which go with the VM', async () => {
  const { client, send } = await startCluster();
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await client.create(vmSnapshots, snapshotOf('web', 'before'));
  await until(client, vmSnapshots, key('before'), ready);
  const claim = await client.get(persistentVolumeClaims, key('web-root'));
  await client.create(
    vmRestores,
    restoreTo('web', 'back', 'before', {
      volumeRestorePolicy: 'InPlace',
      volumeRestoreOverrides: [{ volumeName: 'root', labels: { restored: 'yes' } }],
    }),
  );
  const restored = await until(client, vmRestores, key('back'), complete);
  expect(restored.status?.restores?.[0]?.persistentVolumeClaim).toBe('web-root');
  const anew = await client.get(persistentVolumeClaims, key('web-root'));
  expect(anew.metadata.uid).not.toBe(claim.metadata.uid);
  expect(anew.metadata.labels?.['restored']).toBe('yes');
  await send('PUT', vmAction('web', 'start'));
  await untilVm(client, 'web', 'Running');
  await client.delete(virtualMachines, key('web'));
  await untilGone(client, persistentVolumeClaims, key('web-root'));
});

test('a claim that a restore has made goes with the next restore or the VM', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await client.create(vmSnapshots, snapshotOf('web', 'before'));
  await until(client, vmSnapshots, key('before'), ready);
  const claims: string[] = [];
  for (const name of ['once', 'twice']) {
    await client.create(vmRestores, restoreTo('web', name, 'before'));
    const { status } = await until(client, vmRestores, key(name), complete);
    claims.push(status?.restores?.[0]?.persistentVolumeClaim ?? '');
  }
  await untilGone(client, persistentVolumeClaims, key(claims[0] ?? ''));
  await client.get(persistentVolumeClaims, key(claims[1] ?? ''));
  await client.delete(virtualMachines, key('web'));
  await untilGone(client, persistentVolumeClaims, key(claims[1] ?? ''));
});

test('a snapshot keeps the VM as it is; its content may outlive it', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await untilVm(client, 'web', 'Stopped');
  const lock = { status: { snapshotInProgress: 'other' } };
  const status = { subresource: 'status' };
  await client.patch(virtualMachines, key('web'), { type: 'merge', body: lock }, status);
  const start = { spec: { runStrategy: 'Always' } };
  await expect(
    client.patch(virtualMachines, key('web'), { type: 'merge', body: start }),
  ).rejects.toThrow('Cannot update vm running state until snapshot "other" completes');
  const free = { status: { snapshotInProgress: null } };
  await client.patch(virtualMachines, key('web'), { type: 'merge', body: free }, status);

  await client.create(vmSnapshots, snapshotOf('web', 'kept', { deletionPolicy: 'Retain' }));
  const taken = await until(client, vmSnapshots, key('kept'), ready);
  await client.delete(vmSnapshots, key('kept'));
  await untilGone(client, vmSnapshots, key('kept'));
  const content = key(taken.status?.virtualMachineSnapshotContentName ?? '');
  await client.get(vmSnapshotContents, content);
  await client.get(volumeSnapshots, key(`vmsnapshot-${taken.metadata.uid}-volume-root`));
});

test('a snapshot that is not ready in time fails; the VM is let go', async () => {
  const { client, clock } = await startCluster();
  await client.create(vmSnapshots, snapshotOf('missing', 'late', { failureDeadline: '1m0s' }));
  const waiting = await until(client, vmSnapshots, key('late'), (found) => {
    return reason(found, 'Progressing') !== undefined;
  });
  expect(reason(waiting, 'Progressing')).toBe('Source does not exist');
  await expect
    .poll(async () => {
      clock.skip(60_000);
      return (await client.get(vmSnapshots, key('late'))).status?.phase;
    })
    .toBe('Failed');
  const late = await client.get(vmSnapshots, key('late'));
  expect(late.status?.error?.message).toBe('snapshot deadline exceeded');
});

test.for([
  { spec: { source: { kind: 'VirtualMachine', name: 'web' } }, message: 'missing apiGroup' },
  { spec: { source: { ...vmRef('web'), kind: 'Pod' } }, message: 'invalid kind' },
  { spec: { source: { ...vmRef('web'), apiGroup: 'apps' } }, message: 'invalid apiGroup' },
])('a snapshot is refused: $message', async ({ spec, message }) => {
  const { client } = await startCluster();
  await expect(client.create(vmSnapshots, { ...snapshotOf('web', 'x'), spec })).rejects.toThrow(
    message,
  );
});

test('a snapshot one of whose disks was removed says so, and is restored no more', async () => {
  const { client } = await startCluster();
  await client.create(virtualMachines, diskVm('web', { runStrategy: 'Halted' }));
  await client.create(vmSnapshots, snapshotOf('web', 'before'));
  const taken = await until(client, vmSnapshots, key('before'), ready);
  const contentKey = key(taken.status?.virtualMachineSnapshotContentName ?? '');
  const content = await client.get(vmSnapshotContents, contentKey);
  const volume = `vmsnapshot-${taken.metadata.uid}-volume-root`;
  const made = await client.get(volumeSnapshots, key(volume));
  expect(made.metadata.labels).toMatchObject({
    'snapshot.kubevirt.io/source-vm-name': 'web',
    'snapshot.kubevirt.io/source-vm-namespace': 'default',
  });
  await client.delete(volumeSnapshots, key(volume));
  const lost = await until(client, vmSnapshots, key('before'), (found) => !ready(found));
  expect(lost.status).toMatchObject({
    phase: 'Succeeded',
    error: { message: `VolumeSnapshots (${volume}) missing` },
  });
  expect(reason(lost, 'Progressing')).toBe('In error state');
  expect(reason(lost, 'Ready')).toBe('Not ready');
  await expect
    .poll(() => eventsOf(client, content))
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          reason: 'SuccessfulVolumeSnapshotCreate',
          message: `Successfully created VolumeSnapshot ${volume}`,
        }),
        expect.objectContaining({
          type: 'Warning',
          reason: 'VolumeSnapshotMissing',
          message: `VolumeSnapshot ${volume} no longer exists`,
        }),
      ]),
    );
  await client.create(vmRestores, restoreTo('web', 'back', 'before'));
  const refused = await until(client, vmRestores, key('back'), (found) => {
    return reason(found, 'Failure') !== undefined;
  });
  expect(reason(refused, 'Ready')).toBe('VMSnapshot default/before not ready');
});
