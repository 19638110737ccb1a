import type {
  V1Interface,
  V1VirtualMachineInstanceNetworkInterface,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { addressText, insideAddress } from '../../cni/pod-network/addresses.ts';
import type { Pod } from '../../client/resources.ts';
import { connectedTo, podInterfaceName } from '../podNetworks.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import type { GuestAgentInfo } from '../virt-launcher/AgentCommands.ts';
import type { DomainInterface } from '../virt-launcher/GuestRuntime.ts';

type Status = NonNullable<VirtualMachineInstance['status']>;
type InterfaceStatus = V1VirtualMachineInstanceNetworkInterface;

interface Sources {
  /** The interfaces that the guest has. */
  domain: readonly DomainInterface[];
  /** The launcher pod in which the guest is. */
  pod: Pod | undefined;
}

const podNetworkInterface = 'eth0';

/**
 * `status.interfaces` from what the guest has and what Multus has connected its pod to; what the guest agent
 * told stays. The pod network comes first, then the others as they stand in the spec
 * (pkg/network/setup/netstat.go and vmispec/interface.go, d923fdb).
 */
export function interfaceStatuses(
  { spec, status }: VirtualMachineInstance,
  { domain, pod }: Sources,
): InterfaceStatus[] {
  const before = status?.interfaces ?? [];
  const isPod = ({ name }: V1Interface) =>
    spec.networks?.some((network) => network.name === name && network.pod) ?? false;
  const specified = spec.domain.devices.interfaces ?? [];
  const inOrder = [...specified.filter(isPod), ...specified.filter((nic) => !isPod(nic))];
  const ours = inOrder.flatMap((nic) => {
    const { name } = nic;
    const known = before.find((one) => one.name === name);
    const has = domain.find((one) => one.name === name);
    if (isPod(nic)) return has ? [onPodNetwork(has, known, pod?.status?.podIP)] : [];
    const connected = connectedTo(pod, name);
    return has || connected ? [onSegment(name, has, connected !== undefined, known)] : [];
  });
  return [...ours, ...before.filter(({ name }) => !name)];
}

function onPodNetwork(
  nic: DomainInterface,
  known: InterfaceStatus | undefined,
  address: string | undefined,
): InterfaceStatus {
  return {
    ...known,
    ...ofDomain(nic),
    ...(address !== undefined && {
      ipAddress: address,
      ipAddresses: addressesOnPodNetwork(address),
    }),
    podInterfaceName: podNetworkInterface,
    infoSource: sources(known, { domain: true, multus: false }),
  };
}

/** The one by which this machine reaches the guest, then the one by which other guests do. */
function addressesOnPodNetwork(address: string): string[] {
  const inside = insideAddress(address);
  return inside === undefined ? [address] : [address, addressText(inside)];
}

function onSegment(
  name: string,
  nic: DomainInterface | undefined,
  multus: boolean,
  known: InterfaceStatus | undefined,
): InterfaceStatus {
  return {
    ...(nic && known),
    name,
    ...(nic && ofDomain(nic)),
    podInterfaceName: podInterfaceName(name),
    infoSource: sources(nic && known, { domain: nic !== undefined, multus }),
  };
}

const ofDomain = ({ name, mac, linkUp = true }: DomainInterface): InterfaceStatus => ({
  name,
  mac,
  queueCount: 1,
  linkState: linkUp ? 'up' : 'down',
});

function sources(
  known: InterfaceStatus | undefined,
  { domain, multus }: { domain: boolean; multus: boolean },
): string {
  const agent = known?.infoSource?.includes('guest-agent') ?? false;
  return [
    ...(domain ? ['domain'] : []),
    ...(agent ? ['guest-agent'] : []),
    ...(multus ? ['multus-status'] : []),
  ].join(', ');
}

/**
 * The interfaces with what the agent tells of them: their names in the guest, and their addresses where the
 * cluster does not know them; then those that the agent alone knows.
 */
export function withSeen(
  before: NonNullable<Status['interfaces']>,
  { interfaces: seen }: GuestAgentInfo,
): NonNullable<Status['interfaces']> {
  const ours = before.filter(({ name }) => name);
  const macs = new Set(ours.map(({ mac }) => mac));
  const others = seen.filter(({ interfaceName, mac }) => interfaceName !== 'lo' && !macs.has(mac));
  return [
    ...ours.map((nic) => {
      const found = seen.find(({ mac }) => mac === nic.mac);
      if (!found) return nic;
      const { ipAddress: _first, ipAddresses: _all, ...rest } = nic;
      const onPod = nic.podInterfaceName === podNetworkInterface;
      return {
        ...(onPod ? nic : { ...rest, ...addressesOf(found) }),
        interfaceName: found.interfaceName,
        infoSource: withAgentSource(nic.infoSource ?? ''),
      };
    }),
    ...others.map((nic) => ({
      interfaceName: nic.interfaceName,
      mac: nic.mac,
      ...addressesOf(nic),
      infoSource: 'guest-agent',
    })),
  ];
}

function addressesOf({ addresses }: GuestAgentInfo['interfaces'][number]): InterfaceStatus {
  const [first] = addresses;
  return first === undefined ? {} : { ipAddress: first, ipAddresses: [...addresses] };
}

const withAgentSource = (source: string) =>
  sources(
    { infoSource: 'guest-agent' },
    { domain: source.includes('domain'), multus: source.includes('multus-status') },
  );
