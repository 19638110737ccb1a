import type { Container } from '../../client/resources.ts';
import { formatBytes, formatCores } from '../../quantity.ts';
import { guestCpus, launcherOverheadBytes, requestedMemoryBytes } from '../launcherResources.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { AutoLimits } from './autoLimits.ts';

/**
 * What the launcher of a VMI asks of its node: processors of its own or a share of some, memory or huge
 * pages, devices. KubeVirt: pkg/virt-controller/services/renderresources.go (d923fdb).
 */
export function launcherRequests(
  { spec }: VirtualMachineInstance,
  cpuAllocationRatio: number,
  withKvm = false,
  auto: AutoLimits = { cpu: false, memoryRatio: undefined },
): NonNullable<Container['resources']> {
  const { cpu, memory, devices } = spec.domain;
  const overhead = launcherOverheadBytes(spec);
  const guest = requestedMemoryBytes(spec);
  const pages = memory?.hugepages?.pageSize;
  const neededBytes = pages === undefined ? guest + overhead : overhead;
  const needed = formatBytes(neededBytes);
  const extended = new Map<string, number>();
  for (const { deviceName } of [...(devices.gpus ?? []), ...(devices.hostDevices ?? [])]) {
    if (deviceName) extended.set(deviceName, (extended.get(deviceName) ?? 0) + 1);
  }
  // Kubernetes wants what cannot be shared to be asked for and limited alike.
  const whole = {
    ...(withKvm && { 'devices.kubevirt.io/kvm': '1' }),
    ...(pages !== undefined && { [`hugepages-${pages}`]: formatBytes(guest) }),
    ...Object.fromEntries([...extended].map(([name, count]) => [name, String(count)])),
  };
  const asked = requestedCpu(spec);
  if (cpu?.dedicatedCpuPlacement) {
    const cores = guestCpus(spec) + (cpu.isolateEmulatorThread ? 1 : 0);
    const all = { cpu: formatCores(cores), memory: needed, ...whole };
    return { requests: all, limits: all };
  }
  const limits = {
    ...(auto.cpu && { cpu: formatCores(guestCpus(spec)) }),
    ...(auto.memoryRatio !== undefined && { memory: formatBytes(neededBytes * auto.memoryRatio) }),
    ...whole,
  };
  return {
    requests: {
      cpu: asked ?? formatCores(guestCpus(spec) / cpuAllocationRatio),
      memory: needed,
      ...whole,
    },
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

/** A request that the user made goes before the share that follows from the processors. */
function requestedCpu({ domain }: VirtualMachineInstance['spec']): string | undefined {
  const requests: object = domain.resources?.requests ?? {};
  const found: unknown = Object.entries(requests).find(([name]) => name === 'cpu')?.[1];
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}
