import type { V1VolumeStatus } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { PersistentVolumeClaim } from '../../client/resources.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { claimName } from './templates.ts';

type ClaimInfo = NonNullable<V1VolumeStatus['persistentVolumeClaimInfo']>;

/**
 * `status.volumeStatus` with what is known of the claims (pkg/virt-controller/watch/vmi/volume.go,
 * updateVolumeStatus, d923fdb). Targets, and the volumes that are plugged in, are virt-handler's.
 */
export function withClaimInfo(
  vmi: VirtualMachineInstance,
  findClaim: (name: string) => PersistentVolumeClaim | undefined,
  /** The share of a claim's file system that is not for the disk. */
  overheadOf: (spec: PersistentVolumeClaim['spec']) => number,
): V1VolumeStatus[] {
  const before = vmi.status?.volumeStatus ?? [];
  const known = (name: string) => before.find((status) => status.name === name);
  const named = (vmi.spec.volumes ?? []).map((volume): V1VolumeStatus => {
    const name = claimName(volume);
    const claim = name === undefined ? undefined : findClaim(name);
    return {
      name: volume.name,
      target: '',
      ...known(volume.name),
      ...(claim && {
        persistentVolumeClaimInfo: {
          ...claimInfo(claim),
          ...(claim.spec.volumeMode !== 'Block' && {
            filesystemOverhead: String(overheadOf(claim.spec)),
          }),
        },
      }),
    };
  });
  const leaving = before.filter(({ name }) => !named.some((status) => status.name === name));
  return [...named, ...leaving];
}

/** What a VMI tells of a claim. */
export function claimInfo({ metadata, spec, status }: PersistentVolumeClaim): ClaimInfo {
  const { requests } = spec.resources ?? {};
  // The API's enumerations are plain strings in the types of the built-in kinds.
  const accessModes = (status?.accessModes ?? spec.accessModes ?? []) as ClaimInfo['accessModes'];
  return {
    claimName: metadata.name,
    ...(accessModes && { accessModes }),
    volumeMode: spec.volumeMode ?? 'Filesystem',
    ...(status?.capacity && { capacity: status.capacity }),
    ...(requests && { requests }),
  };
}
