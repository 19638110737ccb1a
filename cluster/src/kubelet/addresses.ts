/**
 * The pod network of a node: 127.(64 + index).0.0/16, out of 127.64.0.0/10. Loopback addresses reach this
 * machine alone and need no set-up, so each guest can own one.
 */
export function podCidr(nodeIndex: number): string {
  return `127.${64 + nodeIndex}.0.0/16`;
}

/** More nodes than this would need more addresses than 127.64.0.0/10 has. */
export const maximumNodes = 64;

const firstHost = 2;
const lastHost = 65_534;

/**
 * The next free address of the network after `last`, from its beginning again after its end; .0.0 and .0.1
 * are never given away.
 */
export function freeAddress(
  cidr: string,
  isTaken: (address: string) => boolean,
  last?: string,
): string {
  const prefix = cidr.split('.').slice(0, 2).join('.');
  const [high = 0, low = firstHost - 1] = (last ?? '').split('.').slice(2).map(Number);
  const hosts = lastHost - firstHost + 1;
  for (let step = 1; step <= hosts; step++) {
    const host = firstHost + ((high * 256 + low - firstHost + step) % hosts);
    const address = `${prefix}.${host >> 8}.${host & 255}`;
    if (!isTaken(address)) return address;
  }
  throw new Error(`no address is free in ${cidr}`);
}
