/**
 * Addresses on the pod network, as numbers of 32 bits. From this machine a guest is reached at an address of
 * 127.64.0.0/10 and a service at one of 127.128.0.0/12. Inside a guest those are its own, as all of 127.0.0.0/8,
 * so that guests use the same with 10 in place of 127.
 */
const loopback = 0x7f00_0000;
const inside = 0x0a00_0000;
const firstOctet = 0xff00_0000;

/** `10.0.2.15` as a number. */
export const addressOf = (text: string) =>
  text.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);

export const addressText = (address: number) =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');

/** The address by which other guests know what this machine knows by `text`; undefined for any other. */
export function insideAddress(text: string): number | undefined {
  const address = addressOf(text);
  if ((address & firstOctet) >>> 0 !== loopback) return undefined;
  const isGiven = isPod(address) || isService(address);
  return isGiven ? ((address & ~firstOctet) | inside) >>> 0 : undefined;
}

const isPod = (address: number) => ((address >>> 16) & 0xc0) === 0x40;
/** Cluster IPs of 128.0.0/12, and the addresses of load balancers, 144.0.0/16. */
const isService = (address: number) =>
  ((address >>> 16) & 0xf0) === 0x80 || ((address >>> 16) & 0xff) === 144;

/** May an address of a packet be one that `insideAddress` gives? */
export const isInside = (address: number) =>
  (address & firstOctet) >>> 0 === inside && (isPod(address) || isService(address));

/** The address of a pod by which this machine knows what guests know by `address`. */
export const loopbackText = (address: number): string | undefined =>
  isInside(address) ? addressText(((address & ~firstOctet) | loopback) >>> 0) : undefined;

/**
 * Is it of the node: of the network that QEMU gives to each guest, with the gateway and the name server, or for
 * all who are there? What NetworkPolicies say is not of that.
 */
export const isOfNode = (address: number) =>
  address >>> 8 === userNetworkAddresses.guest >>> 8 || address === 0xffff_ffff;

/** What QEMU's user-mode networking gives to each guest, and the addresses on which it serves it. */
export const userNetworkAddresses = {
  guest: addressOf('10.0.2.15'),
  /** Leads to this machine's 127.0.0.1. */
  host: addressOf('10.0.2.2'),
  dns: addressOf('10.0.2.3'),
} as const;

/** The hardware address of the gateway in a guest's network (libslirp, slirp.c: special_ethaddr and 10.0.2.2). */
export const gatewayMac = Buffer.from([0x52, 0x55, 0x0a, 0x00, 0x02, 0x02]);
