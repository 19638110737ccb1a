import type { KubeClient } from '../../client/KubeClient.ts';
import { findInstancetype, findPreference } from '../instancetype/findSpecs.ts';
import { type PinnedRefs, pinRevisions } from '../instancetype/pinRevisions.ts';
import type { VirtualMachine } from '../resources.ts';
import { messageOf } from '../../client/messageOf.ts';

interface Synced {
  refs?: PinnedRefs;
  failure?: { reason: string; message: string };
}

/**
 * Pins a VM to revisions of the instance type and preference that it names; `failure` is for its condition
 * Failure, and keeps it from being started. KubeVirt: pkg/instancetype/controller/vm/controller.go (d923fdb).
 */
export async function syncInstancetype(client: KubeClient, vm: VirtualMachine): Promise<Synced> {
  if (!vm.spec.instancetype && !vm.spec.preference) return {};
  try {
    await findInstancetype(client, vm);
  } catch (error) {
    return { failure: { reason: 'FailedFindInstancetype', message: messageOf(error) } };
  }
  try {
    await findPreference(client, vm);
  } catch (error) {
    return { failure: { reason: 'FailedFindPreference', message: messageOf(error) } };
  }
  try {
    return { refs: await pinRevisions(client, vm) };
  } catch (error) {
    const message = `error encountered while storing instancetype.kubevirt.io controllerRevisions: ${messageOf(error)}`;
    return { failure: { reason: 'FailedCreate', message } };
  }
}
