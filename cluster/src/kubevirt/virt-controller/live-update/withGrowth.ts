import { parseQuantity } from '../../../quantity.ts';
import type { VirtualMachineInstance } from '../../resources.ts';
import { type Condition, withCondition } from '../conditions.ts';

/**
 * The VMI's conditions, with HotVCPUChange and HotMemoryChange as long as it asks for more than its guest
 * has (pkg/virt-controller/watch/vmi/lifecycle.go, syncHotplugCondition, d923fdb).
 */
export function withGrowth({ spec, status }: VirtualMachineInstance, now: string): Condition[] {
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
  return conditions;
}
