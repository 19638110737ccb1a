import type { ListQuery } from '~/api/useWatch';
import {
  dataVolumes,
  type Model,
  virtualMachineClones,
  virtualMachineExports,
  virtualMachineInstanceMigrations,
  virtualMachineRestores,
  virtualMachineSnapshots,
} from '~/k8s/models';
import {
  type TaskRow,
  toCloneTask,
  toDataVolumeTask,
  toExportTask,
  toMigrationTask,
  toRestoreTask,
  toSnapshotTask,
} from '~/kubevirt/taskRow';

/** The kinds whose objects stand for something that the cluster does. One more is one more line. */
const SOURCES: Record<TaskRow['kind'], Omit<ListQuery<TaskRow>, 'namespace'>> = {
  VirtualMachineInstanceMigration: {
    model: virtualMachineInstanceMigrations,
    toRow: toMigrationTask,
  },
  DataVolume: { model: dataVolumes, toRow: toDataVolumeTask },
  VirtualMachineSnapshot: { model: virtualMachineSnapshots, toRow: toSnapshotTask },
  VirtualMachineRestore: { model: virtualMachineRestores, toRow: toRestoreTask },
  VirtualMachineClone: { model: virtualMachineClones, toRow: toCloneTask },
  VirtualMachineExport: { model: virtualMachineExports, toRow: toExportTask },
};

/** Where the tasks of a project, or of all, come from. */
export function taskSources(namespace: string | undefined): readonly ListQuery<TaskRow>[] {
  return Object.values(SOURCES).map((source) => ({ ...source, namespace }));
}

/** Of the object that stands for a task. */
export function taskModel(kind: TaskRow['kind']): Model {
  return SOURCES[kind].model;
}
