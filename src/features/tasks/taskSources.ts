import type { ListQuery } from '~/api/useWatch';
import { dataVolumes, virtualMachineInstanceMigrations } from '~/k8s/models';
import { type TaskRow, toDataVolumeTask, toMigrationTask } from '~/kubevirt/taskRow';

/** The kinds whose objects stand for something that the cluster does. One more is one more line. */
const SOURCES: readonly Omit<ListQuery<TaskRow>, 'namespace'>[] = [
  { model: virtualMachineInstanceMigrations, toRow: toMigrationTask },
  { model: dataVolumes, toRow: toDataVolumeTask },
];

/** Where the tasks of a project, or of all, come from. */
export function taskSources(namespace: string | undefined): readonly ListQuery<TaskRow>[] {
  return SOURCES.map((source) => ({ ...source, namespace }));
}
