import { parseQuantity } from '../../../quantity.ts';
import type { VirtualMachineInstance } from '../../resources.ts';
import type { Pod } from '../../../client/resources.ts';
import { needsOtherNetwork } from '../../podNetworks.ts';
import { type Condition, findCondition, withCondition, withoutCondition } from '../conditions.ts';

/**
 * The VMI's conditions, with HotVCPUChange and HotMemoryChange as long as it asks for more than its guest
 * has, VolumesChange while volumes of it are to move, and MigrationRequired while its pod is on another network
 * than it asks for (pkg/virt-controller/watch/vmi/lifecycle.go, syncHotplugCondition, syncVolumesUpdate, d923fdb).
 */
export function withGrowth(vmi: VirtualMachineInstance, pod: Pod, now: string): Condition[] {
  const { spec, status } = vmi;
  let conditions: Condition[] = status?.conditions ?? [];
  if (status?.phase !== 'Running') return conditions;
  const { cpu, memory } = spec.domain;
  const sockets = status.currentCPUTopology?.sockets;
  if (sockets !== undefined && (cpu?.sockets ?? 1) > sockets) {
    conditions = withCondition(conditions, { type: 'HotVCPUChange', status: 'True' }, now);
  }
  const requested = parseQuantity(status.memory?.guestRequested ?? '');
  const wanted = parseQuantity(memory?.guest ?? '');
  if (requested !== undefined && wanted !== undefined && wanted !== requested) {
    conditions = withCondition(conditions, { type: 'HotMemoryChange', status: 'True' }, now);
  }
  const moves = (status.migratedVolumes ?? []).length > 0;
  if (moves && !findCondition(conditions, 'VolumesChange')) {
    conditions = withCondition(conditions, volumesChange, now);
  }
  return needsOtherNetwork(pod, vmi)
    ? withCondition(conditions, migrationRequired, now)
    : withoutCondition(conditions, migrationRequired.type);
}

const volumesChange: Condition = {
  type: 'VolumesChange',
  status: 'True',
  message: 'migrate volumes',
};

const migrationRequired: Condition = {
  type: 'MigrationRequired',
  status: 'True',
  reason: 'AutoMigrationDueToLiveUpdate',
};
