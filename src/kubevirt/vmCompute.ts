import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { parseQuantity, toQuantity } from '~/k8s/quantity';
import { editVm, templateSpec } from '~/kubevirt/editVm';

/** CPU and memory of a VM: by itself, or by an instance type that has them. */
export interface Compute {
  sockets: number;
  cores: number;
  threads: number;
  memoryBytes: number;
}

export function readCompute(vm: V1VirtualMachine): Compute {
  const { cpu, memory, resources } = templateSpec(vm).domain;
  const requests: { memory?: unknown } = resources?.requests ?? {};
  const text = memory?.guest ?? (typeof requests.memory === 'string' ? requests.memory : undefined);
  return {
    sockets: cpu?.sockets ?? 1,
    cores: cpu?.cores ?? 1,
    threads: cpu?.threads ?? 1,
    memoryBytes: parseQuantity(text) ?? 0,
  };
}

/** Sets CPU and memory, and only what of them differs. An instance type, which would clash, goes. */
export function writeCompute(vm: V1VirtualMachine, compute: Compute): V1VirtualMachine {
  const now = readCompute(vm);
  return editVm(vm, (draft, { domain }) => {
    delete draft.spec.instancetype;
    const { memoryBytes } = compute;
    for (const key of ['sockets', 'cores', 'threads'] as const) {
      if (compute[key] !== now[key]) domain.cpu = { ...domain.cpu, [key]: compute[key] };
    }
    if (memoryBytes !== now.memoryBytes) {
      domain.memory = { ...domain.memory, guest: toQuantity(memoryBytes) };
      const requests: { memory?: unknown } | undefined = domain.resources?.requests;
      // It would stay behind, and be what the scheduler counts.
      if (requests?.memory !== undefined) delete requests.memory;
    }
  });
}

export interface TypeChoice {
  /** Empty for none. */
  instancetype: string;
  preference: string;
}

export function readTypes(vm: V1VirtualMachine): TypeChoice {
  return {
    instancetype: vm.spec.instancetype?.name ?? '',
    preference: vm.spec.preference?.name ?? '',
  };
}

/**
 * Chooses an instance type and a preference of the cluster. CPU and memory of the template clash with
 * an instance type (KubeVirt pkg/instancetype/conflict at d923fdb) and go when one is chosen.
 */
export function writeTypes(vm: V1VirtualMachine, choice: TypeChoice): V1VirtualMachine {
  const now = readTypes(vm);
  return editVm(vm, (draft, { domain }) => {
    if (choice.instancetype !== now.instancetype) {
      if (choice.instancetype === '') delete draft.spec.instancetype;
      else {
        draft.spec.instancetype = {
          kind: 'VirtualMachineClusterInstancetype',
          name: choice.instancetype,
        };
        dropSizes(domain);
      }
    }
    if (choice.preference !== now.preference) {
      if (choice.preference === '') delete draft.spec.preference;
      else {
        draft.spec.preference = {
          kind: 'VirtualMachineClusterPreference',
          name: choice.preference,
        };
      }
    }
  });
}

type Domain = ReturnType<typeof templateSpec>['domain'];

function dropSizes(domain: Domain): void {
  if (domain.cpu) {
    const { sockets, cores, threads, maxSockets, ...rest } = domain.cpu;
    if (Object.keys(rest).length > 0) domain.cpu = rest;
    else delete domain.cpu;
  }
  if (domain.memory) {
    const { guest, maxGuest, ...rest } = domain.memory;
    if (Object.keys(rest).length > 0) domain.memory = rest;
    else delete domain.memory;
  }
  if (domain.resources) {
    const { requests, limits, ...rest } = domain.resources;
    if (Object.keys(rest).length > 0) domain.resources = rest;
    else delete domain.resources;
  }
}
