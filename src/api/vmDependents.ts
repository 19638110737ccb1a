import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type VmTask, vmGet } from '~/api/vms';
import { kubernetesRequest } from '~/console/http';
import { toFailure } from '~/k8s/errors';
import { isRecord } from '~/k8s/isRecord';
import {
  dataVolumes,
  type Model,
  resourcePath,
  services,
  virtualMachines,
  virtualMachineSnapshots,
} from '~/k8s/models';
import type { KubernetesCall, VmRef } from '~/kubevirt/vmCall';
import {
  type Candidate,
  type Candidates,
  deletionSteps,
  type DependentChoice,
  type VmDependent,
  vmDependents,
} from '~/kubevirt/vmDependents';

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

/** Deletes a VM and what was chosen, by exactly the steps that `deletionSteps` tells. */
export function vmDeleteTask(
  vm: VmRef,
  choices: readonly DependentChoice[],
): VmTask & { calls: readonly KubernetesCall[] } {
  const steps = deletionSteps(vm, choices);
  // Another try goes on where the last one failed.
  let done = 0;
  return {
    vm,
    command: steps.map(({ command }) => command).join('\n'),
    calls: steps.map(({ call }) => call),
    run: async () => {
      for (const { call, mayBeGone } of steps.slice(done)) {
        const { path, ...request } = call;
        try {
          await kubernetesRequest(path, request);
        } catch (error) {
          if (!mayBeGone || toFailure(error).status !== 404) throw error;
        }
        done += 1;
      }
    },
  };
}
