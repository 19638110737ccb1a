import type { VirtualMachineInstance } from '../resources.ts';
import type { Condition } from '../virt-controller/conditions.ts';
import { claimName } from '../virt-controller/templates.ts';

type Status = NonNullable<VirtualMachineInstance['status']>;

interface Migratability {
  condition: Condition;
  /** Can its volumes be moved to other ones while it runs? */
  storage: Condition;
  method: 'LiveMigration' | 'BlockMigration';
}

interface Obstacle {
  reason: string;
  message: string;
}

const podBridge = 'kubevirt.io/allow-pod-bridge-network-live-migration';

/**
 * Can the VMI move to another node, and how? Rules and texts of pkg/virt-handler/vm.go,
 * calculateLiveMigrationCondition and calculateLiveStorageMigrationCondition, and pkg/network/vmispec/migration.go
 * (d923fdb).
 */
export function liveMigratable(vmi: VirtualMachineInstance, status: Status): Migratability {
  const copies = hasOwnDisks(vmi) || (status.migratedVolumes ?? []).length > 0;
  const unshared = unsharedVolume(vmi, status);
  const obstacles = obstaclesOf(vmi);
  const [first] = unshared ? [{ reason: 'DisksNotLiveMigratable', message: unshared }] : obstacles;
  const condition = (type: string, obstacle: Obstacle | undefined): Condition =>
    obstacle ? { type, status: 'False', ...obstacle } : { type, status: 'True' };
  const all = obstacles.map(({ reason, message }) => `${reason}: ${message}`).join(', ');
  return {
    condition: condition('LiveMigratable', first),
    storage: condition(
      'StorageLiveMigratable',
      all === '' ? undefined : { reason: 'NotMigratable', message: all },
    ),
    method: copies ? 'BlockMigration' : 'LiveMigration',
  };
}

/** What is in the way besides its disks. */
function obstaclesOf(vmi: VirtualMachineInstance): Obstacle[] {
  const network = networkObstacle(vmi);
  const { disks } = vmi.spec.domain.devices;
  return [
    ...(network ? [{ reason: 'InterfaceNotLiveMigratable', message: network }] : []),
    ...(disks?.some(({ lun }) => lun?.reservation)
      ? [
          {
            reason: 'PersistentReservationNotLiveMigratable',
            message: 'VMI uses SCSI persistent reservation',
          },
        ]
      : []),
    ...(vmi.spec.domain.features?.hypervPassthrough?.enabled
      ? [{ reason: 'HypervPassthroughNotLiveMigratable', message: 'VMI uses hyperv passthrough' }]
      : []),
  ];
}

function unsharedVolume({ spec }: VirtualMachineInstance, status: Status): string | undefined {
  for (const volume of spec.volumes ?? []) {
    if (volume.hostDisk && volume.hostDisk.shared !== true) {
      return 'cannot migrate VMI with non-shared HostDisk';
    }
    const claim = claimName(volume);
    // What moves to another claim is copied.
    const moves = status.migratedVolumes?.some(({ volumeName }) => volumeName === volume.name);
    if (claim === undefined || moves) continue;
    const known = status.volumeStatus?.find(({ name }) => name === volume.name);
    const rule =
      'live migration requires that all PVCs must be shared (using ReadWriteMany access mode)';
    if (!known?.persistentVolumeClaimInfo) {
      return `cannot migrate VMI: Unable to determine if PVC ${claim} is shared, ${rule}`;
    }
    const modes: string[] = known.persistentVolumeClaimInfo.accessModes ?? [];
    if (!modes.includes('ReadWriteMany')) {
      return `cannot migrate VMI: PVC ${claim} is not shared, ${rule}`;
    }
  }
  return undefined;
}

/** Volumes that are not claims are copied along, or made again. */
const hasOwnDisks = ({ spec }: VirtualMachineInstance) =>
  (spec.volumes ?? []).some((volume) => claimName(volume) === undefined);

function networkObstacle({ spec, metadata }: VirtualMachineInstance): string | undefined {
  const pod = spec.networks?.find((network) => network.pod);
  const nic = spec.domain.devices.interfaces?.find(({ name }) => name === pod?.name);
  if (!pod || !nic || nic.masquerade) return undefined;
  if (nic.bridge && metadata.annotations?.[podBridge] !== undefined) return undefined;
  return `cannot migrate VMI which does not use masquerade, bridge with ${podBridge} VM annotation or a migratable plugin to connect to the pod network`;
}
