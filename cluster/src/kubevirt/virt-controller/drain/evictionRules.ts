import type { VirtualMachineInstance } from '../../resources.ts';
import { findCondition } from '../conditions.ts';

export const isMigratable = ({ status }: VirtualMachineInstance) =>
  findCondition(status?.conditions, 'LiveMigratable')?.status === 'True';

/**
 * Is the VMI's pod kept from evictions by a PodDisruptionBudget? (docs/handling-eviction-requests.md of
 * KubeVirt, d923fdb)
 */
export function needsBudget(vmi: VirtualMachineInstance): boolean {
  switch (vmi.spec.evictionStrategy) {
    case 'LiveMigrate':
    case 'External':
      return true;
    case 'LiveMigrateIfPossible':
      return isMigratable(vmi);
    default:
      return false;
  }
}

/** Is the VMI to be moved when it has to leave its node? What is external is left to others. */
export function movesOnEviction(vmi: VirtualMachineInstance): boolean {
  const { evictionStrategy } = vmi.spec;
  if (evictionStrategy === 'LiveMigrate') return true;
  return evictionStrategy === 'LiveMigrateIfPossible' && isMigratable(vmi);
}
