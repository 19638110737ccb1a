import type { Pod } from '../../../client/resources.ts';
import { parseQuantity } from '../../../quantity.ts';
import type { VirtualMachineInstance } from '../../resources.ts';
import { launcherPod } from '../launcherPod.ts';

/** Was the launcher pod made for the processors and the memory that the VMI asks for now? */
export function hasRoom(pod: Pod | undefined, vmi: VirtualMachineInstance): boolean {
  const requests = (of: Pod['spec'] | undefined) => of?.containers[0]?.resources?.requests;
  const wanted = requests(launcherPod(vmi).spec);
  const given = requests(pod?.spec);
  return ['cpu', 'memory'].every(
    (name) =>
      (parseQuantity(given?.[name] ?? '') ?? 0) >= (parseQuantity(wanted?.[name] ?? '') ?? 0),
  );
}
