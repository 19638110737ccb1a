import { type CreateTask, createTask } from '~/api/vms';
import { virtualMachineClones } from '~/k8s/models';
import { type CloneOrder, cloneManifest } from '~/kubevirt/vmClone';

/** Asks for a clone; what comes of it is seen by watching. */
export function cloneTask(order: CloneOrder): CreateTask {
  const { namespace, target } = order;
  const vm = { namespace, name: target };
  return createTask(vm, { model: virtualMachineClones, object: cloneManifest(order) });
}
