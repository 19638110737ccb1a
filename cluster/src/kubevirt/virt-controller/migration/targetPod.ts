import type { Draft } from '../../../client/KubeClient.ts';
import type { Pod } from '../../../client/resources.ts';
import {
  names,
  type VirtualMachineInstance,
  type VirtualMachineInstanceMigration,
} from '../../resources.ts';
import { launcherPod, type LauncherOptions } from '../launcherPod.ts';

/**
 * The pod into which a VMI moves: a launcher pod that stays away from the node of every other one of the
 * VMI. Keys of the VMI's own node selector win over those that the migration adds
 * (pkg/virt-controller/watch/migration/migration.go, createTargetPod, d923fdb).
 */
export function targetPod(
  vmi: VirtualMachineInstance,
  migration: VirtualMachineInstanceMigration,
  options: LauncherOptions,
): Draft<Pod> {
  const pod = launcherPod(vmi, options);
  const { affinity, nodeSelector } = pod.spec;
  const apart = {
    labelSelector: { matchLabels: { [names.createdBy]: vmi.metadata.uid } },
    topologyKey: 'kubernetes.io/hostname',
  };
  const others = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: { ...pod.metadata.labels, [names.migrationJobUid]: migration.metadata.uid },
      annotations: {
        ...pod.metadata.annotations,
        [names.migrationJobName]: migration.metadata.name,
      },
    },
    spec: {
      ...pod.spec,
      nodeSelector: { ...migration.spec.addedNodeSelector, ...nodeSelector },
      affinity: {
        ...affinity,
        podAntiAffinity: {
          ...affinity?.podAntiAffinity,
          requiredDuringSchedulingIgnoredDuringExecution: [...others, apart],
        },
      },
    },
  };
}

/** The target pod of a migration among the launcher pods of its VMI. */
export const targetPodOf = (
  launchers: readonly Pod[],
  migration: VirtualMachineInstanceMigration,
): Pod | undefined =>
  launchers.find(
    ({ metadata }) => metadata.labels?.[names.migrationJobUid] === migration.metadata.uid,
  );
