import type { V1StorageMigratedVolumeInfo, V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { isFilled } from '../../../cdi/claims.ts';
import type { PersistentVolumeClaim } from '../../../client/resources.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../../resources.ts';
import { type Condition, findCondition, withCondition, withoutCondition } from '../conditions.ts';
import { claimName } from '../templates.ts';
import { claimInfo } from '../volumeStatus.ts';
import { isHotpluggable } from './hotplugVolumes.ts';
import type { LiveUpdate } from './liveUpdate.ts';

type Spec = VirtualMachineInstance['spec'];
type Status = NonNullable<VirtualMachineInstance['status']>;
type FindClaim = (name: string) => PersistentVolumeClaim | undefined;

const volumeOf = (spec: Spec, name: string) => spec.volumes?.find((one) => one.name === name);

/** Is the volume in both specs, in another claim? */
function isMoved(volume: V1Volume, to: V1Volume | undefined): boolean {
  const from = claimName(volume);
  const next = to && claimName(to);
  return from !== undefined && next !== undefined && from !== next;
}

/** The volumes of an instance that its VM has in another claim. */
const movedVolumes = (current: Spec, wanted: Spec): V1Volume[] =>
  (current.volumes ?? []).filter((volume) => isMoved(volume, volumeOf(wanted, volume.name)));

/** The spec with the claims of `wanted`, by which alone a volume needs no restart. */
export function withClaimsOf(spec: Spec, wanted: Spec): Spec {
  const volumes = spec.volumes?.map((volume) => {
    const next = volumeOf(wanted, volume.name);
    const stays = isHotpluggable(volume) || claimName(volume) === undefined;
    return stays || !next || claimName(next) === undefined ? volume : next;
  });
  return volumes ? { ...spec, volumes } : spec;
}

/** What changed claims mean for an instance that runs; undefined when none is changed. */
export interface VolumesUpdate extends Pick<LiveUpdate, 'restart' | 'failure'> {
  /** The instance with the volumes that it is to have. */
  vmi?: VirtualMachineInstance;
}

/**
 * Moves the volumes of a running instance to the claims that its VM names now, or takes a move back. Rules and
 * texts: pkg/virt-controller/watch/volume-migration and watch/vm, handleVolumeUpdateRequest (d923fdb).
 */
export function updateVolumes(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance,
  wanted: Spec,
  { findClaim, now }: { findClaim: FindClaim; now: string },
): VolumesUpdate | undefined {
  const moved = movedVolumes(vmi.spec, wanted);
  if (moved.length === 0) return undefined;
  const under = vmi.status?.migratedVolumes ?? [];
  if (moved.some(({ name }) => under.some(({ volumeName }) => volumeName === name))) {
    return isReverted(moved, wanted, under)
      ? { vmi: cancelled(vmi, wanted, now) }
      : failure('The volume can only be reverted to the previous version during the update');
  }
  if (vm.spec.updateVolumesStrategy !== 'Migration') {
    return { restart: 'the volumes replacement is effective only after restart' };
  }
  if (under.length > 0) return failure('another migration of volumes is in progress');
  const obstacle = obstacleOf(vmi, moved);
  if (obstacle !== undefined) return { restart: obstacle };
  const migrated: V1StorageMigratedVolumeInfo[] = [];
  for (const volume of moved) {
    const from = findClaim(claimName(volume) ?? '');
    const name = claimName(volumeOf(wanted, volume.name) ?? volume) ?? '';
    const to = findClaim(name);
    if (!to) return failure(`PVC ${name} not found`);
    migrated.push({
      volumeName: volume.name,
      ...(from && { sourcePVCInfo: claimInfo(from) }),
      destinationPVCInfo: claimInfo(to),
    });
  }
  return { vmi: moving(vmi, wanted, migrated) };
}

const failure = (message: string): VolumesUpdate => ({
  failure: { reason: 'VolumesUpdateError', message },
});

/** Have all volumes that are being moved the claims again that they come from, and no others changed? */
const isReverted = (
  moved: V1Volume[],
  wanted: Spec,
  under: readonly V1StorageMigratedVolumeInfo[],
): boolean =>
  moved.length === under.length &&
  under.every(({ volumeName, sourcePVCInfo }) => {
    const back = volumeOf(wanted, volumeName);
    return back !== undefined && claimName(back) === sourcePVCInfo?.claimName;
  });

/** Why volumes cannot be moved while the guest runs. */
function obstacleOf(vmi: VirtualMachineInstance, moved: V1Volume[]): string | undefined {
  const disks = vmi.spec.domain.devices.disks ?? [];
  const named = (test: (volume: V1Volume) => boolean) => moved.filter(test).map(({ name }) => name);
  const diskOf = (volume: V1Volume) => disks.find(({ name }) => name === volume.name);
  const invalid: [string, string[]][] = [
    ['hotplugged', named(isHotpluggable)],
    ['shareable', named((volume) => diskOf(volume)?.shareable === true)],
    ['luns', named((volume) => diskOf(volume)?.lun !== undefined)],
  ];
  const problems = invalid.filter(([, names]) => names.length > 0);
  if (problems.length > 0) {
    const texts = problems.map(([what, names]) => `${what}: [${names.join(' ')}]`);
    return `invalid volumes to update with migration: ${texts.join(' ')}`;
  }
  const migratable = findCondition(vmi.status?.conditions, 'LiveMigratable');
  if (migratable?.status === 'False' && migratable.reason !== 'DisksNotLiveMigratable') {
    return `cannot migrate the volumes as the VMI isn't migratable: ${migratable.message ?? ''}`;
  }
  for (const { name, persistentVolumeClaimInfo: info } of vmi.status?.volumeStatus ?? []) {
    const modes: string[] = info?.accessModes ?? [];
    const stays = !moved.some((volume) => volume.name === name);
    if (stays && info && !modes.includes('ReadWriteMany')) {
      return `cannot migrate the VM. The volume ${name} is RWO and not included in the migration volumes`;
    }
  }
  return undefined;
}

function moving(
  vmi: VirtualMachineInstance,
  wanted: Spec,
  migratedVolumes: V1StorageMigratedVolumeInfo[],
): VirtualMachineInstance {
  const conditions = withoutCondition(vmi.status?.conditions, 'VolumesChange');
  const status: Status = { ...vmi.status, migratedVolumes, conditions };
  return { ...vmi, spec: withClaimsOf(vmi.spec, wanted), status };
}

function cancelled(vmi: VirtualMachineInstance, wanted: Spec, now: string): VirtualMachineInstance {
  const { migratedVolumes: _given, ...status } = vmi.status ?? {};
  const change = { type: 'VolumesChange', status: 'False', reason: 'VolumesChangeCancellation' };
  const conditions = withCondition<Condition>(status.conditions, change, now);
  return { ...vmi, spec: withClaimsOf(vmi.spec, wanted), status: { ...status, conditions } };
}

/** Are the claims that volumes move to there, and is nobody filling them? */
export const canReceive = ({ status }: VirtualMachineInstance, findClaim: FindClaim): boolean =>
  (status?.migratedVolumes ?? []).every(({ destinationPVCInfo }) => {
    const claim = findClaim(destinationPVCInfo?.claimName ?? '');
    return claim?.status?.phase === 'Bound' && isFilled(claim);
  });
