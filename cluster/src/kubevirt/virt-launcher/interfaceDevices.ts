import { bootIndexes } from './bootIndexes.ts';
import type { DomainInterface, DomainSpec } from './GuestRuntime.ts';

/** The pod network as the guest sees it: QEMU's user-mode networking, of which a guest has one at most. */
export const userNetwork = {
  id: 'net0',
  network: '10.0.2.0/24',
  guestAddress: '10.0.2.15',
} as const;

/** In the guest's folder: where QEMU awaits the segment of an interface. */
export const segmentSocket = (nic: string) => `net-${nic}.sock`;

/** Apart from the ids of disks and of backends: a disk may have the name of an interface. */
export const nicId = (nic: string) => `nic-${nic}`;

/** In the guest's folder: where QEMU awaits the router of the pod network, at either side of it. */
export const podSockets = { interface: 'pod.sock', relay: 'relay.sock' } as const;
const podInterface = 'pod0';
const relay = 'relay0';

/** Name of the backend of an interface. */
export const netdevOf = ({ name, segment, routed }: DomainInterface) =>
  segment ? `net-${name}` : routed ? podInterface : userNetwork.id;

/**
 * The backend of an interface on a segment. QEMU listens and is joined from outside, because of its two ends
 * only the listening one lives on when the connection breaks (net/stream.c, QEMU 7.2).
 */
export const segmentBackend = (nic: DomainInterface) =>
  listening(netdevOf(nic), segmentSocket(nic.name));

const listening = (id: string, path: string) => ({
  type: 'stream',
  id,
  server: true,
  addr: { type: 'unix', path },
});

/** The device of an interface, as the guest sees it. */
export function interfaceDevice(nic: DomainInterface, bootindex?: number) {
  return {
    driver: nic.model === 'virtio' ? 'virtio-net-pci' : nic.model,
    id: nicId(nic.name),
    netdev: netdevOf(nic),
    mac: nic.mac,
    bus: nic.place === undefined ? 'pcie.0' : `rp${nic.place}`,
    // Its boot ROM is read only where it is to be booted from: firmware would try it at each start.
    ...(bootindex === undefined ? { romfile: '' } : { bootindex }),
  };
}

/** The interfaces of a domain that is started. */
export function interfaceArguments(spec: DomainSpec): string[] {
  const order = bootIndexes(spec.disks, spec.interfaces);
  return spec.interfaces.flatMap((nic) => [
    ...(nic.segment ? [segmentBackend(nic)] : podBackends(nic, spec)).flatMap((backend) => [
      '-netdev',
      JSON.stringify(backend),
    ]),
    ...['-device', JSON.stringify(interfaceDevice(nic, order.get(nic)))],
  ]);
}

/**
 * User-mode networking, and before it the router, when there is one: QEMU's end of the interface and that of the
 * way out, which a hub joins to user-mode networking.
 */
function podBackends({ routed }: DomainInterface, { hostname }: DomainSpec) {
  const { id, network, guestAddress } = userNetwork;
  const user = {
    type: 'user',
    id,
    net: network,
    dhcpstart: guestAddress,
    ipv6: false,
    ...(hostname !== '' && { hostname }),
    ...(routed && { dnssearch: routed.searchDomains.map((str) => ({ str })) }),
  };
  if (!routed) return [user];
  const hub = (end: string) => ({ type: 'hubport', id: `hub-${end}`, hubid: 0, netdev: end });
  return [
    user,
    listening(relay, podSockets.relay),
    hub(id),
    hub(relay),
    listening(podInterface, podSockets.interface),
  ];
}
