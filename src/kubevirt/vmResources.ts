import type {
  V1DomainSpec,
  V1VirtualMachineInstanceStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { isRecord } from '~/k8s/isRecord';
import { parseQuantity } from '~/k8s/quantity';

/** What a guest has of CPU and memory. */
export interface VmResources {
  topology: { sockets: number; cores: number; threads: number };
  vcpus: number;
  memoryBytes: number | undefined;
}

function requested(domain: V1DomainSpec | undefined, what: string): string | undefined {
  const { requests, limits } = domain?.resources ?? {};
  for (const amounts of [requests, limits]) {
    const value: unknown = isRecord(amounts) ? amounts[what] : undefined;
    if (typeof value === 'string' || typeof value === 'number') return `${value}`;
  }
  return undefined;
}

/**
 * CPU and memory of a guest: what runs goes before what is written down. Without a topology KubeVirt
 * gives as many sockets as CPUs are requested, at least one (pkg/vcpu/vcpu.go at d923fdb).
 */
export function vmResources(
  domain: V1DomainSpec | undefined,
  status: V1VirtualMachineInstanceStatus | undefined,
): VmResources {
  const written = status?.currentCPUTopology ?? domain?.cpu;
  const asked = Math.max(1, Math.ceil(parseQuantity(requested(domain, 'cpu')) ?? 1));
  const { sockets = written ? 1 : asked, cores = 1, threads = 1 } = written ?? {};
  return {
    topology: { sockets, cores, threads },
    vcpus: sockets * cores * threads,
    memoryBytes: parseQuantity(
      status?.memory?.guestCurrent ?? domain?.memory?.guest ?? requested(domain, 'memory'),
    ),
  };
}
