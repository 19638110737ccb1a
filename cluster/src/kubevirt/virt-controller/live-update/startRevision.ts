import { hasReason } from '../../../apiserver/ApiError.ts';
import { controllerReference } from '../../../client/controllerReference.ts';
import { findNewest } from '../../../client/findNewest.ts';
import type { KubeClient } from '../../../client/KubeClient.ts';
import { controllerRevisions } from '../../../client/resources.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import type { VirtualMachine } from '../../resources.ts';

const prefix = ({ metadata }: VirtualMachine) => `revision-start-vm-${metadata.uid}`;

/**
 * Keeps the spec with which a VM starts as a ControllerRevision, and drops those of earlier starts. Gives
 * its name. KubeVirt: pkg/virt-controller/watch/vm/vm.go, createVMRevision (d923fdb).
 */
export async function keepStartRevision(client: KubeClient, vm: VirtualMachine): Promise<string> {
  const { namespace } = vm.metadata;
  const generation = vm.metadata.generation ?? 1;
  const name = `${prefix(vm)}-${generation}`;
  const { items } = await client.list(controllerRevisions, { namespace });
  for (const old of items) {
    const isOld = old.metadata.name.startsWith(`${prefix(vm)}-`) && old.metadata.name !== name;
    if (isOld) await ignoreGone(client.delete(controllerRevisions, old.metadata));
  }
  try {
    await client.create(controllerRevisions, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        ownerReferences: [controllerReference('kubevirt.io/v1', 'VirtualMachine', vm.metadata)],
      },
      data: { spec: vm.spec },
      revision: generation,
    });
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
  }
  return name;
}

/** The spec with which the instance was started; undefined when its revision is not there. */
export async function startSpec(
  client: KubeClient,
  namespace: string | undefined,
  revision: string | undefined,
): Promise<VirtualMachine['spec'] | undefined> {
  if (!revision) return undefined;
  const found = await findNewest(client, controllerRevisions, { namespace, name: revision });
  // What keepStartRevision has written.
  return (found?.data as { spec?: VirtualMachine['spec'] } | undefined)?.spec;
}
