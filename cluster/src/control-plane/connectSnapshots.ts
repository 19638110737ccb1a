import { type ChangeListener, keyText } from '../client/Informer.ts';
import type { KubeObject, ObjectKey } from '../client/KubeClient.ts';
import { CloneController } from '../kubevirt/virt-controller/clone/CloneController.ts';
import { RestoreController } from '../kubevirt/virt-controller/snapshot/RestoreController.ts';
import { SnapshotController } from '../kubevirt/virt-controller/snapshot/SnapshotController.ts';
import { restoreName } from '../kubevirt/virt-controller/snapshot/restoredClaim.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes the controllers of VirtualMachineSnapshots, VirtualMachineRestores and VirtualMachineClones. */
export function connectSnapshots(wiring: Wiring): void {
  connectClones(wiring);
  const { options, informers: sets, queue, recorder, guestOf } = wiring;
  const client = options.clientFor(identities.virtController);
  const informers = sets.pick(client, [
    ...(['vms', 'vmis', 'claims', 'dataVolumes', 'volumeSnapshots'] as const),
    ...(['vmSnapshots', 'vmSnapshotContents', 'vmRestores'] as const),
  ]);
  const { vms, vmis, vmSnapshots, vmRestores, volumeSnapshots, claims } = informers;
  const snapshots = new SnapshotController({
    ...options,
    ...informers,
    client,
    guestOf,
    recorder: recorder(client, 'snapshot-controller'),
  });
  const restores = new RestoreController({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'restore-controller'),
  });
  const snapshotQueue = queue('virtualmachinesnapshot', (key) => snapshots.reconcile(key));
  const restoreQueue = queue('virtualmachinerestore', (key) => restores.reconcile(key));
  const wakeRestores = (namespace: string | undefined) => {
    for (const { metadata, status } of vmRestores.list()) {
      if (metadata.namespace === namespace && !status?.complete) {
        restoreQueue.add(keyText(metadata));
      }
    }
  };
  const wakeSnapshotsOf = ({ key }: { key: ObjectKey }) => {
    for (const { metadata, status } of vmSnapshots.byIndex('source', keyText(key))) {
      if (!status?.readyToUse) snapshotQueue.add(keyText(metadata));
    }
  };
  vmSnapshots.onChange(({ key }) => {
    snapshotQueue.add(keyText(key));
    wakeRestores(key.namespace);
  });
  informers.vmSnapshotContents.onChange(({ key }) => {
    wakeTaker(key);
  });
  const wakeTaker = ({ namespace, name }: ObjectKey) => {
    const content = informers.vmSnapshotContents.get({ namespace, name });
    const taker = content?.spec.virtualMachineSnapshotName;
    if (taker) snapshotQueue.add(keyText({ namespace, name: taker }));
  };
  volumeSnapshots.onChange(({ key: { namespace }, before, after }) => {
    for (const { name } of (after ?? before)?.metadata.ownerReferences ?? []) {
      wakeTaker({ namespace, name });
    }
  });
  vms.onChange(wakeSnapshotsOf);
  vmRestores.onChange(({ key }) => restoreQueue.add(keyText(key)));
  vmis.onChange(({ key, after }) => {
    if (!after) wakeRestores(key.namespace);
  });
  claims.onChange(({ key, after }) => {
    const name = after?.metadata.annotations?.[restoreName];
    if (name) restoreQueue.add(keyText({ namespace: key.namespace, name }));
    // One that is to be restored in place may be out of the way now.
    if (!after) wakeRestores(key.namespace);
  });
}

function connectClones({ options, informers: sets, queue, recorder }: Wiring): void {
  const client = options.clientFor(identities.virtController);
  const informers = sets.pick(client, [
    ...(['vms', 'claims', 'vmClones'] as const),
    ...(['vmSnapshots', 'vmSnapshotContents', 'vmRestores'] as const),
  ]);
  const { vms, vmClones, vmSnapshots, vmRestores } = informers;
  const clones = new CloneController({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'clone-controller'),
  });
  const cloneQueue = queue('virtualmachineclone', (key) => clones.reconcile(key));
  const wakeOf = ({ key }: { key: ObjectKey }) => {
    for (const { metadata, status } of vmClones.byIndex('vm', keyText(key))) {
      if (status?.phase !== 'Succeeded') cloneQueue.add(keyText(metadata));
    }
  };
  vmClones.onChange(({ key }) => cloneQueue.add(keyText(key)));
  vms.onChange(wakeOf);
  vmSnapshots.onChange(wakeOf);
  const wakeOwner: ChangeListener<KubeObject> = ({ key, before, after }) => {
    for (const { kind, name } of (after ?? before)?.metadata.ownerReferences ?? []) {
      if (kind === vmClones.resource.kind) {
        cloneQueue.add(keyText({ namespace: key.namespace, name }));
      }
    }
  };
  vmSnapshots.onChange(wakeOwner);
  vmRestores.onChange(wakeOwner);
}
