import type { Pod } from '../../../client/resources.ts';
import { parseQuantity } from '../../../quantity.ts';
import type { VirtualMachineInstance } from '../../resources.ts';
import { cpuAllocationRatio as defaultRatio } from '../../launcherResources.ts';
import { launcherRequests } from '../launcherRequests.ts';

/**
 * Was the launcher pod made for the processors and the memory that the VMI asks for now? `cpuAllocationRatio`
 * is that of now; a pod that was made under a smaller one has more than it needs.
 */
export function hasRoom(
  pod: Pod | undefined,
  vmi: VirtualMachineInstance,
  cpuAllocationRatio = defaultRatio,
): boolean {
  const { requests: wanted } = launcherRequests(vmi, cpuAllocationRatio);
  const given = pod?.spec.containers[0]?.resources?.requests;
  return ['cpu', 'memory'].every(
    (name) =>
      (parseQuantity(given?.[name] ?? '') ?? 0) >= (parseQuantity(wanted?.[name] ?? '') ?? 0),
  );
}
