import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { objectDelete } from '~/api/objects';
import { type VmTask, vmGet, vmRun } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { toFailure } from '~/k8s/errors';
import { isRecord } from '~/k8s/isRecord';
import {
  dataVolumes,
  type Model,
  resourcePath,
  secrets,
  services,
  virtualMachines,
  virtualMachineSnapshots,
} from '~/k8s/models';
import { vmCommand, type VmRef } from '~/kubevirt/vmCall';
import {
  type Candidate,
  type Candidates,
  patchDisown,
  type VmDependent,
  vmDependents,
} from '~/kubevirt/vmDependents';

const models: Record<VmDependent['kind'], Model> = {
  DataVolume: dataVolumes,
  VirtualMachineSnapshot: virtualMachineSnapshots,
  Service: services,
  Secret: secrets,
};

/** All of a kind in a namespace; none where the cluster has no such kind, or the user may not see it. */
async function listAll(model: Model, namespace: string): Promise<readonly Candidate[]> {
  try {
    const list = await kubernetesRequest(resourcePath(model, { namespace }));
    const items = isRecord(list) ? list['items'] : undefined;
    // The parse boundary: the API server keeps to the schema of the resource.
    return Array.isArray(items) ? (items as Candidate[]) : [];
  } catch (error) {
    const { status } = toFailure(error);
    if (status === 404 || status === 403 || status === 501) return [];
    throw error;
  }
}

/** What is looked at in a namespace, all at once. */
async function candidatesIn(namespace: string): Promise<Candidates> {
  const [volumes, snapshots, found] = await Promise.all([
    listAll(dataVolumes, namespace),
    listAll(virtualMachineSnapshots, namespace),
    listAll(services, namespace),
  ]);
  return { dataVolumes: volumes, snapshots, services: found };
}

/** What may go along when a VM is deleted. */
export async function vmDependentsGet(vm: VmRef): Promise<readonly VmDependent[]> {
  const [stored, candidates] = await Promise.all([vmGet(vm), candidatesIn(vm.namespace)]);
  return vmDependents(stored, candidates);
}

/** What may go with each VM, by `namespace/name`. */
export type DependentsOf = ReadonlyMap<string, readonly VmDependent[]>;

/** The same for many: a few requests for each project, however many VMs it has. */
export async function vmsDependentsGet(vms: readonly VmRef[]): Promise<DependentsOf> {
  const wanted = new Set(vms.map(({ namespace, name }) => `${namespace}/${name}`));
  const found = new Map<string, readonly VmDependent[]>();
  for (const namespace of new Set(vms.map((vm) => vm.namespace))) {
    const [stored, candidates] = await Promise.all([
      listAll(virtualMachines, namespace),
      candidatesIn(namespace),
    ]);
    for (const vm of stored) {
      const key = `${namespace}/${vm.metadata?.name ?? ''}`;
      if (!wanted.has(key)) continue;
      // The parse boundary: it was listed as a VirtualMachine.
      found.set(key, vmDependents(vm as V1VirtualMachine, candidates));
    }
  }
  return found;
}

async function disown(vm: VmRef, ownerUid: string, { kind, name }: VmDependent): Promise<void> {
  const path = resourcePath(models[kind], { namespace: vm.namespace, name });
  const body = patchDisown((await kubernetesRequest(path)) as Candidate, ownerUid);
  if (body.length > 0) await kubernetesRequest(path, { method: 'PATCH', body });
}

/**
 * Deletes a VM and what was chosen. What belongs to it and is to stay is set free first; what does not
 * belong to it and is to go follows. `dependents` undefined: what belongs to it goes, all else stays.
 */
export function vmDeleteTask(
  vm: VmRef,
  dependents: readonly (VmDependent & { goes: boolean })[] | undefined,
): VmTask {
  return {
    vm,
    command: vmCommand(vm, { action: 'delete' }),
    run: async () => {
      const stays = (dependents ?? []).filter(({ isOwned, goes }) => isOwned && !goes);
      if (stays.length > 0) {
        const { metadata } = await vmGet(vm);
        for (const one of stays) await disown(vm, metadata?.uid ?? '', one);
      }
      await vmRun(vm, { action: 'delete' });
      for (const { kind, name } of (dependents ?? []).filter((one) => !one.isOwned && one.goes)) {
        // Another of many may have taken it along.
        await objectDelete(models[kind], { namespace: vm.namespace, name });
      }
    },
  };
}
