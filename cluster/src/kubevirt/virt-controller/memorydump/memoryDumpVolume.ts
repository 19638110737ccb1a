import type { V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VirtualMachineInstance } from '../../resources.ts';

type Spec = VirtualMachineInstance['spec'];

/** The volume by which a claim for a memory dump comes to a guest; it has the claim's name. */
const memoryDumpVolume = (claimName: string): V1Volume => ({
  name: claimName,
  memoryDump: { claimName, hotpluggable: true },
});

/** A spec without its volumes for memory dumps: no guest starts with one, and they are no disks. */
export function withoutMemoryDumps(spec: Spec): Spec {
  if (!spec.volumes?.some(({ memoryDump }) => memoryDump)) return spec;
  return { ...spec, volumes: spec.volumes.filter(({ memoryDump }) => !memoryDump) };
}

/** The spec with the volume, or without it. */
export function withVolume(spec: Spec, claimName: string, wanted: boolean): Spec {
  const has = spec.volumes?.some(({ memoryDump }) => memoryDump?.claimName === claimName);
  if (has === true ? wanted : !wanted) return spec;
  const others = (spec.volumes ?? []).filter(
    ({ memoryDump }) => memoryDump?.claimName !== claimName,
  );
  return { ...spec, volumes: wanted ? [...others, memoryDumpVolume(claimName)] : others };
}

/** Phases of `volumeStatus` of such a volume, which virt-handler gives (api/core/v1/types.go, d923fdb). */
export const dumpPhases = {
  inProgress: 'MemoryDumpVolumeInProgress',
  completed: 'MemoryDumpVolumeCompleted',
  failed: 'MemoryDumpVolumeFailed',
} as const;

/** Annotation of a claim: the file of the dump on it, or `failedDump`. */
export const dumpAnnotation = 'kubevirt.io/memory-dump';
export const failedDump = 'Memory dump failed';
