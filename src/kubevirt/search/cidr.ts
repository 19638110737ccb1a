/** An IPv4 or IPv6 address as its bits in groups: 4 of 8, or 8 of 16. Undefined when it is none. */
function parse(address: string): { groups: number[]; bits: number } | undefined {
  if (/^\d+(\.\d+){3}$/.test(address)) {
    const groups = address.split('.').map(Number);
    return groups.every((one) => one < 256) ? { groups, bits: 8 } : undefined;
  }
  const [head = '', tail, more] = address.split('::');
  if (more !== undefined || !/^[0-9a-f:]+$/i.test(address)) return undefined;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  const groups = all.map((one) => Number.parseInt(one, 16));
  return groups.every((one) => one >= 0 && one < 65_536) ? { groups, bits: 16 } : undefined;
}

/** Whether addresses lie in a network such as `10.0.0.0/24` or `fd00::/8`; undefined when it is none. */
export function inCidr(cidr: string): ((address: string) => boolean) | undefined {
  const [base = '', length = ''] = cidr.split('/');
  const network = parse(base);
  if (!network || !/^\d+$/.test(length)) return undefined;
  const { groups, bits } = network;
  const prefix = Number(length);
  if (prefix > groups.length * bits) return undefined;
  return (address) => {
    const other = parse(address);
    if (other?.bits !== bits) return false;
    return groups.every((group, index) => {
      const fixed = Math.max(0, Math.min(bits, prefix - index * bits));
      const shift = bits - fixed;
      return group >> shift === (other.groups[index] ?? 0) >> shift;
    });
  };
}
