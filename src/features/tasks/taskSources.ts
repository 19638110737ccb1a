import type { ListQuery } from '~/api/useWatch';
import {
  dataVolumes,
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
const SOURCES: readonly Omit<ListQuery<TaskRow>, 'namespace'>[] = [
  { model: virtualMachineInstanceMigrations, toRow: toMigrationTask },
  { model: dataVolumes, toRow: toDataVolumeTask },
  { model: virtualMachineSnapshots, toRow: toSnapshotTask },
  { model: virtualMachineRestores, toRow: toRestoreTask },
  { model: virtualMachineClones, toRow: toCloneTask },
  { model: virtualMachineExports, toRow: toExportTask },
];

/** Where the tasks of a project, or of all, come from. */
export function taskSources(namespace: string | undefined): readonly ListQuery<TaskRow>[] {
  return SOURCES.map((source) => ({ ...source, namespace }));
}
