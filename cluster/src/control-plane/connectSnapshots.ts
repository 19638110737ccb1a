import { keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import { RestoreController } from '../kubevirt/virt-controller/snapshot/RestoreController.ts';
import { SnapshotController } from '../kubevirt/virt-controller/snapshot/SnapshotController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes the controllers of VirtualMachineSnapshots and VirtualMachineRestores. */
export function connectSnapshots(wiring: Wiring): void {
  const { options, informers: sets, queue, recorder, guestOf } = wiring;
  const client = options.clientFor(identities.virtController);
  const informers = sets.pick(client, [
    ...(['vms', 'vmis', 'claims', 'volumeSnapshots'] as const),
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
  informers.vmSnapshotContents.onChange(({ key, after }) => {
    const name = after?.spec.virtualMachineSnapshotName;
    if (name) snapshotQueue.add(keyText({ namespace: key.namespace, name }));
  });
  volumeSnapshots.onChange(({ key, before, after }) => {
    for (const { name } of (after ?? before)?.metadata.ownerReferences ?? []) {
      snapshotQueue.add(keyText({ namespace: key.namespace, name }));
    }
  });
  vms.onChange(wakeSnapshotsOf);
  vmRestores.onChange(({ key }) => restoreQueue.add(keyText(key)));
  vmis.onChange(({ key, after }) => {
    if (!after) wakeRestores(key.namespace);
  });
  claims.onChange(({ after }) => {
    const name = after?.metadata.annotations?.['restore.kubevirt.io/name'];
    if (name) restoreQueue.add(keyText({ namespace: after.metadata.namespace, name }));
  });
}
