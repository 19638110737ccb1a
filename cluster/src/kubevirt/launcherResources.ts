import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '../quantity.ts';

const mebibyte = 2 ** 20;

/** KubeVirt's developerConfiguration.cpuAllocationRatio: vCPUs that share one core. */
export const cpuAllocationRatio = 10;

/** Memory that the guest sees, in bytes; undefined when the spec names none. */
export function guestMemoryBytes(
  spec: V1VirtualMachineInstanceSpec | undefined,
): number | undefined {
  const domain = spec?.domain;
  const text =
    domain?.memory?.guest ??
    memoryOf(domain?.resources?.requests) ??
    memoryOf(domain?.resources?.limits);
  return text === undefined ? undefined : parseQuantity(text);
}

/** Memory that the node must have for the guest, in bytes: less than the guest sees when it is overcommitted. */
export function requestedMemoryBytes(spec: V1VirtualMachineInstanceSpec): number {
  const text = memoryOf(spec.domain.resources?.requests);
  return (text === undefined ? undefined : parseQuantity(text)) ?? guestMemoryBytes(spec) ?? 0;
}

function memoryOf(resources: object | undefined): string | undefined {
  const value: unknown =
    resources && Object.entries(resources).find(([key]) => key === 'memory')?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** vCPUs of the guest. */
export function guestCpus(spec: V1VirtualMachineInstanceSpec): number {
  const { sockets = 1, cores = 1, threads = 1 } = spec.domain.cpu ?? {};
  return sockets * cores * threads;
}

/**
 * Memory that a launcher needs besides that of its guest, in bytes. After KubeVirt's
 * GetMemoryOverhead (pkg/virt-controller/services/renderresources.go, d923fdb): its fixed parts, page
 * tables, vCPU and I/O threads, video memory.
 */
export function launcherOverheadBytes(spec: V1VirtualMachineInstanceSpec): number {
  const fixed = 220 * mebibyte;
  const pageTables = (guestMemoryBytes(spec) ?? 0) / 512;
  const threads = 8 * mebibyte * (guestCpus(spec) + 1);
  const video = spec.domain.devices.autoattachGraphicsDevice === false ? 0 : 32 * mebibyte;
  return Math.ceil(fixed + pageTables + threads + video);
}
