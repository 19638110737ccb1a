interface Bootable {
  bootOrder?: number;
}

/**
 * Boot indexes from 0: disks and interfaces with a boot order first, then the other disks as they stand in
 * the list. An interface without a boot order has none: it is not booted from.
 */
export function bootIndexes(
  disks: readonly Bootable[],
  interfaces: readonly Bootable[],
): Map<Bootable, number> {
  const rank = ({ bootOrder }: Bootable) => bootOrder ?? Number.MAX_SAFE_INTEGER;
  const bootable = interfaces.filter(({ bootOrder }) => bootOrder !== undefined);
  const ranked = [...disks, ...bootable].sort((a, b) => rank(a) - rank(b));
  return new Map(ranked.map((device, place) => [device, place]));
}
