import type { Informer } from '../../client/Informer.ts';
import type { VirtualMachineInstance } from '../resources.ts';

/** UIDs of the VMIs that have not ended. */
export const unfinished = (vmis: Informer<VirtualMachineInstance>): ReadonlySet<string> =>
  new Set(
    vmis
      .list()
      .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
      .map(({ metadata }) => metadata.uid),
  );
