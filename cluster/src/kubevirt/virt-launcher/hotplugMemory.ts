import type { DomainSpec } from './GuestRuntime.ts';

export const memoryDevice = 'virtiomem';
export const memoryBackend = 'virtiomem';

type Hotplug = NonNullable<DomainSpec['hotplugMemory']>;

/** The memory behind the device: reserved only as far as the guest uses it. */
export const memoryBackendOptions = ({ maxBytes }: Hotplug) => ({
  'qom-type': 'memory-backend-ram',
  id: memoryBackend,
  size: maxBytes,
  reserve: false,
});

/** KubeVirt plugs memory as one virtio-mem device, of which the guest gets as much as it asks for. */
export const memoryDeviceOptions = ({ requestedBytes, place }: Hotplug) => ({
  driver: 'virtio-mem-pci',
  id: memoryDevice,
  memdev: memoryBackend,
  'requested-size': requestedBytes,
  bus: `rp${place}`,
});
