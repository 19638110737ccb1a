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
  /** Undefined where nothing runs, and for what the guest made itself. */
  state: InterfaceState | undefined;
}

/**
 * `up` and `down` tell of the cable. `moving`: the guest goes to another node for another network.
 * `restart`: it comes or goes when the VM starts anew.
 */
export type InterfaceState = 'up' | 'down' | 'plugging' | 'unplugging' | 'moving' | 'restart';

function bindingOf(one: V1Interface): string {
  if (one.binding) return one.binding.name;
  if (one.masquerade) return 'masquerade';
  if (one.bridge) return 'bridge';
  if (one.sriov) return 'sriov';
  return '';
}

/** Interfaces in the VM's order, then those on their way out, then those that only the guest knows. */
export function vmInterfaces(
  vm: V1VirtualMachine,
  vmi: V1VirtualMachineInstance | undefined,
): readonly VmInterface[] {
  const template = vm.spec.template.spec;
  // Defaults, such as an interface on the pod network, are written to the instance alone.
  const spec = vmi?.spec ?? template;
  const current = spec?.domain.devices.interfaces ?? [];
  const coming = (template?.domain.devices.interfaces ?? []).filter(
    ({ name }) => !current.some((one) => one.name === name),
  );
  const live = vmi?.status?.interfaces ?? [];
  const written = [...current, ...coming].map((one): VmInterface => {
    const status = live.find(({ name }) => name === one.name);
    return {
      key: one.name,
      name: one.name,
      guestName: status?.interfaceName ?? '',
      network: networkName(template, one.name) || networkName(spec, one.name),
      binding: bindingOf(one),
      model: one.model ?? '',
      mac: status?.mac ?? one.macAddress ?? '',
      ips: addresses(status),
      state: stateOf(one.name, vm, vmi),
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
      state: undefined,
    }));
  return [...written, ...guestOnly];
}

type Spec = V1VirtualMachineInstance['spec'];

/** `pod`, the name of the secondary network, or '' where the interface is not named. */
function networkName(spec: Spec | undefined, name: string): string {
  const network = spec?.networks?.find((one) => one.name === name);
  if (!network) return '';
  return network.pod ? 'pod' : (network.multus?.networkName ?? '');
}

const interfaceOf = (spec: Spec | undefined, name: string): V1Interface | undefined =>
  spec?.domain.devices.interfaces?.find((one) => one.name === name);

/**
 * How far an interface has come on its way into the guest or out of it (KubeVirt
 * pkg/network/vmliveupdate and vmispec at d923fdb).
 */
function stateOf(
  name: string,
  vm: V1VirtualMachine,
  vmi: V1VirtualMachineInstance | undefined,
): InterfaceState | undefined {
  const template = vm.spec.template.spec;
  const wanted = interfaceOf(template, name);
  if (vmi === undefined) return wanted?.state === 'down' ? 'down' : undefined;
  const current = interfaceOf(vmi.spec, name);
  const network = networkName(template, name);
  if (!current) return wanted?.bridge && network !== 'pod' ? 'plugging' : 'restart';
  if (wanted?.state === 'absent' || current.state === 'absent') return 'unplugging';
  // What the VM does not name at all came by a default.
  const isNamed = (template?.domain.devices.interfaces ?? []).length > 0;
  if (!wanted && isNamed) return 'restart';
  const isMoving = vmi.status?.conditions?.some(
    ({ type, status }) => type === 'MigrationRequired' && status === 'True',
  );
  const isOther = network !== '' && network !== networkName(vmi.spec, name);
  if (network !== 'pod' && network !== '' && (isOther || isMoving)) return 'moving';
  const status = vmi.status?.interfaces?.find((one) => one.name === name);
  if (vmi.status?.phase !== 'Running') return undefined;
  if (!status?.infoSource?.includes('domain')) return 'plugging';
  return (status.linkState ?? wanted?.state) === 'down' ? 'down' : 'up';
}

function addresses(status: { ipAddress?: string; ipAddresses?: string[] } | undefined): string[] {
  if (status?.ipAddresses && status.ipAddresses.length > 0) return status.ipAddresses;
  return status?.ipAddress ? [status.ipAddress] : [];
}
