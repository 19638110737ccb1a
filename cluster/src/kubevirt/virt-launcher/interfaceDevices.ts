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

/** Name of the backend of an interface. */
export const netdevOf = ({ name, segment }: DomainInterface) =>
  segment ? `net-${name}` : userNetwork.id;

/**
 * The backend of an interface on a segment. QEMU listens and is joined from outside, because of its two ends
 * only the listening one lives on when the connection breaks (net/stream.c, QEMU 7.2).
 */
export const segmentBackend = (nic: DomainInterface) => ({
  type: 'stream',
  id: netdevOf(nic),
  server: true,
  addr: { type: 'unix', path: segmentSocket(nic.name) },
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
    ...['-netdev', nic.segment ? JSON.stringify(segmentBackend(nic)) : podBackend(spec)],
    ...['-device', JSON.stringify(interfaceDevice(nic, order.get(nic)))],
  ]);
}

function podBackend({ hostname }: DomainSpec): string {
  const { id, network, guestAddress } = userNetwork;
  // In QEMU's comma separated lists a comma is written twice.
  const name = hostname === '' ? '' : `,hostname=${hostname.replaceAll(',', ',,')}`;
  return `user,id=${id},net=${network},dhcpstart=${guestAddress},ipv6=off${name}`;
}
