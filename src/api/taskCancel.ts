import { objectDelete } from '~/api/objects';
import {
  dataVolumes,
  type Model,
  virtualMachineClones,
  virtualMachineExports,
  virtualMachineInstanceMigrations,
  virtualMachineRestores,
  virtualMachineSnapshots,
} from '~/k8s/models';
import type { TaskRow } from '~/kubevirt/taskRow';

const models: Record<TaskRow['kind'], Model> = {
  VirtualMachineInstanceMigration: virtualMachineInstanceMigrations,
  DataVolume: dataVolumes,
  VirtualMachineSnapshot: virtualMachineSnapshots,
  VirtualMachineRestore: virtualMachineRestores,
  VirtualMachineClone: virtualMachineClones,
  VirtualMachineExport: virtualMachineExports,
};

/** Ends something that the cluster does, by deleting what stands for it; see `canCancel`. */
export async function taskCancel({ kind, namespace, name }: TaskRow): Promise<void> {
  await objectDelete(models[kind], { namespace, name });
}
