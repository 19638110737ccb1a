import type {
  V1Interface,
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

export interface VmInterface {
  key: string;
  /** Name in the VM; empty for an interface that only the guest has. */
  name: string;
  /** Name in the guest: `eth0`; empty without guest agent. */
  guestName: string;
  /** `pod`, or the name of the secondary network. */
  network: string;
  binding: string;
  model: string;
  mac: string;
  ips: readonly string[];
}

function bindingOf(one: V1Interface): string {
  if (one.binding) return one.binding.name;
  if (one.masquerade) return 'masquerade';
  if (one.bridge) return 'bridge';
  if (one.sriov) return 'sriov';
  return '';
}

/** Interfaces in the VM's order, followed by those that only the guest knows. */
export function vmInterfaces(
  vm: V1VirtualMachine,
  vmi: V1VirtualMachineInstance | undefined,
): readonly VmInterface[] {
  // Defaults, such as an interface on the pod network, are written to the instance alone.
  const spec = vmi?.spec ?? vm.spec.template.spec;
  const networks = new Map(
    (spec?.networks ?? []).map((one) => [
      one.name,
      one.pod ? 'pod' : (one.multus?.networkName ?? ''),
    ]),
  );
  const live = vmi?.status?.interfaces ?? [];
  const written = (spec?.domain.devices.interfaces ?? []).map((one): VmInterface => {
    const status = live.find(({ name }) => name === one.name);
    return {
      key: one.name,
      name: one.name,
      guestName: status?.interfaceName ?? '',
      network: networks.get(one.name) ?? '',
      binding: bindingOf(one),
      model: one.model ?? '',
      mac: status?.mac ?? one.macAddress ?? '',
      ips: addresses(status),
    };
  });
  const names = new Set(written.map(({ name }) => name));
  const guestOnly = live
    .filter(({ name }) => !name || !names.has(name))
    .map((one, index): VmInterface => ({
      key: `guest-${one.interfaceName ?? index}`,
      name: '',
      guestName: one.interfaceName ?? '',
      network: '',
      binding: '',
      model: '',
      mac: one.mac ?? '',
      ips: addresses(one),
    }));
  return [...written, ...guestOnly];
}

function addresses(status: { ipAddress?: string; ipAddresses?: string[] } | undefined): string[] {
  if (status?.ipAddresses && status.ipAddresses.length > 0) return status.ipAddresses;
  return status?.ipAddress ? [status.ipAddress] : [];
}
