import { objectDelete } from '~/api/objects';
import { type CreateTask, createTask, type VmTask } from '~/api/vms';
import { virtualMachineRestores, virtualMachineSnapshots } from '~/k8s/models';
import type { VmRef } from '~/kubevirt/vmCall';
import {
  deleteSnapshotCommand,
  restoreManifest,
  type RestoreOrder,
  snapshotManifest,
  type SnapshotOrder,
} from '~/kubevirt/vmSnapshots';

export function snapshotTask(vm: VmRef, order: SnapshotOrder): CreateTask {
  return createTask(vm, { model: virtualMachineSnapshots, object: snapshotManifest(vm, order) });
}

export function restoreTask(vm: VmRef, order: RestoreOrder): CreateTask {
  return createTask(vm, { model: virtualMachineRestores, object: restoreManifest(vm, order) });
}

/** `name` is that of the snapshot. */
export function snapshotDeleteTask(vm: VmRef, name: string): VmTask {
  const snapshot = { namespace: vm.namespace, name };
  return {
    vm,
    command: deleteSnapshotCommand(snapshot),
    run: () => objectDelete(virtualMachineSnapshots, snapshot),
  };
}
