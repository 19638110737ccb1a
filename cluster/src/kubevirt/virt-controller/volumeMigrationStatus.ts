import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';
import { type Condition, findCondition } from './conditions.ts';
import { claimName } from './templates.ts';

type Status = NonNullable<VirtualMachine['status']>;
type State = NonNullable<Status['volumeUpdateState']>;

const recovery = 'ManualRecoveryRequired';

/** Do volumes of the VM name half a copy of what they held? It must not start then. */
export const needsRecovery = ({ status }: VirtualMachine): boolean =>
  findCondition(status?.conditions, recovery)?.status === 'True';

/**
 * What the VM tells of its volumes that move. One whose instance ended meanwhile has to be given back the claims
 * that they come from (pkg/virt-controller/watch/vm/vm.go, syncVolumeMigration, d923fdb).
 */
export function volumeMigrationStatus(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
): { state?: State; condition?: Condition } {
  const migratedVolumes = vmi?.status?.migratedVolumes ?? [];
  const isLive = vmi && vmi.status?.phase !== 'Succeeded' && vmi.status?.phase !== 'Failed';
  if (isLive) {
    return migratedVolumes.length > 0
      ? { state: { volumeMigrationState: { migratedVolumes } } }
      : {};
  }
  const state = vm.status?.volumeUpdateState;
  const left = state?.volumeMigrationState?.migratedVolumes ?? [];
  // It ended after all had been moved.
  const isDone = vmi !== undefined && migratedVolumes.length === 0;
  if (!state || left.length === 0 || isDone || isReverted(vm, left)) return {};
  const reason = 'VMI was removed or was final during the volume migration';
  return { state, condition: { type: recovery, status: 'True', reason } };
}

const isReverted = (
  { spec }: VirtualMachine,
  left: NonNullable<NonNullable<State['volumeMigrationState']>['migratedVolumes']>,
): boolean =>
  left.every(({ volumeName, destinationPVCInfo }) => {
    const volume = spec.template.spec?.volumes?.find(({ name }) => name === volumeName);
    return !volume || claimName(volume) !== destinationPVCInfo?.claimName;
  });
