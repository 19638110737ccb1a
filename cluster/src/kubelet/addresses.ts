/**
 * The pod network of a node: 127.(64 + index).0.0/16, out of 127.64.0.0/10. Loopback addresses reach this
 * machine alone and need no set-up, so each guest can own one.
 */
export function podCidr(nodeIndex: number): string {
  return `127.${64 + nodeIndex}.0.0/16`;
}

/** More nodes than this would need more addresses than 127.64.0.0/10 has. */
export const maximumNodes = 64;

/** The lowest free address of the network; its first (.0.0) and second (.0.1) are never given away. */
export function freeAddress(cidr: string, taken: ReadonlySet<string>): string {
  const prefix = cidr.split('.').slice(0, 2).join('.');
  for (let host = 2; host < 65_535; host++) {
    const address = `${prefix}.${host >> 8}.${host & 255}`;
    if (!taken.has(address)) return address;
  }
  throw new Error(`no address is free in ${cidr}`);
}
