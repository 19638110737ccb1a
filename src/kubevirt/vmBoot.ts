import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { editVm, templateSpec } from '~/kubevirt/editVm';

/** A disk or a network interface from which the guest may boot. */
export interface BootDevice {
  kind: 'disk' | 'interface';
  name: string;
  /** 1 is tried first; undefined for one that is tried last or not at all. */
  order: number | undefined;
}

/** Devices in the order in which they are tried, then those without a place. */
export function readBootOrder(vm: V1VirtualMachine): readonly BootDevice[] {
  const { disks = [], interfaces = [] } = templateSpec(vm).domain.devices;
  const devices = [
    ...disks.map(({ name, bootOrder }): BootDevice => ({ kind: 'disk', name, order: bootOrder })),
    ...interfaces.map(({ name, bootOrder }): BootDevice => ({
      kind: 'interface',
      name,
      order: bootOrder,
    })),
  ];
  return devices.sort((a, b) => (a.order ?? Infinity) - (b.order ?? Infinity) || 0);
}

/** Gives places 1, 2 ... to `order`, and none to the others. */
export function writeBootOrder(
  vm: V1VirtualMachine,
  order: readonly BootDevice[],
): V1VirtualMachine {
  const placeOf = (kind: BootDevice['kind'], name: string) =>
    order.findIndex((one) => one.kind === kind && one.name === name) + 1;
  return editVm(vm, (_draft, { domain: { devices } }) => {
    const set = (kind: BootDevice['kind']) => (device: { name: string; bootOrder?: number }) => {
      const place = placeOf(kind, device.name);
      if (place === 0) delete device.bootOrder;
      else device.bootOrder = place;
    };
    devices.disks?.forEach(set('disk'));
    devices.interfaces?.forEach(set('interface'));
  });
}
