import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { objectSave, SaveConflictError } from '~/api/objectSave';
import type { Conflict } from '~/k8s/mergeChanges';
import { virtualMachines } from '~/k8s/models';

/** Somebody else changed the same places of the VM meanwhile. */
export class VmConflictError extends Error {
  constructor(
    /** The VM as it is now. */
    readonly latest: V1VirtualMachine,
    /** The VM as it is now, with my changes. */
    readonly merged: V1VirtualMachine,
    readonly conflicts: readonly Conflict[],
  ) {
    super('Somebody else has changed the same.');
    this.name = 'VmConflictError';
  }
}

/** Saves the changes that make `mine` of `base` as `objectSave` does; rejects with a VmConflictError. */
export async function vmSave(
  base: V1VirtualMachine,
  mine: V1VirtualMachine,
  options: { dryRun?: boolean } = {},
): Promise<V1VirtualMachine> {
  try {
    return await objectSave(virtualMachines, base, mine, options);
  } catch (error) {
    if (!(error instanceof SaveConflictError)) throw error;
    const { latest, merged, conflicts } = error;
    // Of the kind that was saved.
    throw new VmConflictError(latest as V1VirtualMachine, merged as V1VirtualMachine, conflicts);
  }
}
