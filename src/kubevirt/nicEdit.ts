import type { V1Interface, V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { editVm } from '~/kubevirt/editVm';

export const nicModels = ['virtio', 'e1000e', 'e1000', 'igb', 'rtl8139'] as const;
export const nicBindings = ['masquerade', 'bridge', 'sriov'] as const;

export type NicBinding = (typeof nicBindings)[number];

/** A network interface as a form has it. */
export interface Nic {
  name: string;
  /** `pod`, or the NetworkAttachmentDefinition as `name` or `namespace/name`. */
  network: string;
  /** Undefined for a binding of another kind, which stays as it is. */
  binding: NicBinding | undefined;
  model: string;
  /** Empty to have one chosen. */
  mac: string;
  isLinkUp: boolean;
}

function bindingOf(one: V1Interface): NicBinding | undefined {
  return nicBindings.find((binding) => one[binding] !== undefined);
}

export function readNic(vm: V1VirtualMachine, name: string): Nic | undefined {
  const spec = vm.spec.template.spec;
  const nic = spec?.domain.devices.interfaces?.find((one) => one.name === name);
  const network = spec?.networks?.find((one) => one.name === name);
  if (nic === undefined) return undefined;
  return {
    name,
    network: network?.multus?.networkName ?? 'pod',
    binding: bindingOf(nic),
    model: nic.model ?? '',
    mac: nic.macAddress ?? '',
    isLinkUp: nic.state !== 'down',
  };
}

function setNic(one: V1Interface, { binding, model, mac, isLinkUp }: Nic): void {
  if (binding !== undefined && bindingOf(one) !== binding) {
    for (const other of nicBindings) Reflect.deleteProperty(one, other);
    one[binding] = {};
  }
  if (model === '') delete one.model;
  else one.model = model;
  if (mac === '') delete one.macAddress;
  else one.macAddress = mac;
  if (!isLinkUp) one.state = 'down';
  else if (one.state === 'down') one.state = 'up';
}

function networkOf({ name, network }: Nic) {
  return network === 'pod' ? { name, pod: {} } : { name, multus: { networkName: network } };
}

export function nicAdd(vm: V1VirtualMachine, nic: Nic): V1VirtualMachine {
  return editVm(vm, (_draft, spec) => {
    const one: V1Interface = { name: nic.name };
    setNic(one, nic);
    spec.domain.devices.interfaces = [...(spec.domain.devices.interfaces ?? []), one];
    spec.networks = [...(spec.networks ?? []), networkOf(nic)];
    // Once turned off, it would take the new interface away again.
    delete spec.domain.devices.autoattachPodInterface;
  });
}

export function nicChange(vm: V1VirtualMachine, nic: Nic): V1VirtualMachine {
  const now = readNic(vm, nic.name);
  return editVm(vm, (_draft, spec) => {
    const one = spec.domain.devices.interfaces?.find(({ name }) => name === nic.name);
    if (one) setNic(one, nic);
    if (now === undefined || now.network === nic.network) return;
    spec.networks = (spec.networks ?? []).map((network) =>
      network.name === nic.name ? networkOf(nic) : network,
    );
  });
}

/**
 * Takes an interface away. From a running guest those on a bridge can go at once, by the state
 * `absent` (KubeVirt pkg/network/vmispec at d923fdb); all others leave the VM and go at a restart.
 */
export function nicRemove(
  vm: V1VirtualMachine,
  name: string,
  { isRunning }: { isRunning: boolean },
): V1VirtualMachine {
  return editVm(vm, (_draft, spec) => {
    const { devices } = spec.domain;
    const one = devices.interfaces?.find((nic) => nic.name === name);
    const network = spec.networks?.find((candidate) => candidate.name === name);
    if (isRunning && one?.bridge !== undefined && network?.multus !== undefined) {
      one.state = 'absent';
      return;
    }
    devices.interfaces = devices.interfaces?.filter((nic) => nic.name !== name) ?? [];
    spec.networks = spec.networks?.filter((candidate) => candidate.name !== name) ?? [];
    // A VM without interfaces would be given one on the pod network.
    if (devices.interfaces.length === 0) devices.autoattachPodInterface = false;
  });
}
