/** What the first bytes of a file say of it. */
export interface ImageFormat {
  /** As CDI names it; undefined when it is none that CDI reads. */
  name: 'qcow2' | 'raw' | 'iso' | 'vmdk' | 'vhd' | 'vhdx' | 'gzip' | 'xz' | 'vdi';
  /** What the disk needs; undefined when only unpacking would tell. */
  diskBytes: number | undefined;
}

/** So much of a file tells its format: an ISO says at 32 KiB that it is one. */
export const formatBytesNeeded = 32_774;

const text = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to));

/**
 * The format of a disk image by its first bytes (QEMU docs/interop/qcow2.txt, the magic numbers of its
 * other block drivers; ECMA-119 8.4 for ISO). What has no mark is taken as raw.
 */
export function imageFormat(head: Uint8Array, fileBytes: number): ImageFormat {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const starts = (mark: string) => text(head, 0, mark.length) === mark;
  if (starts('QFI\xfb') && head.length >= 32) {
    return { name: 'qcow2', diskBytes: Number(view.getBigUint64(24)) };
  }
  if (starts('KDMV') && head.length >= 20) {
    // Its capacity is in sectors.
    return { name: 'vmdk', diskBytes: Number(view.getBigUint64(12, true)) * 512 };
  }
  if (starts('\x1f\x8b')) return { name: 'gzip', diskBytes: undefined };
  if (starts('\xfd7zXZ\0')) return { name: 'xz', diskBytes: undefined };
  if (starts('vhdxfile')) return { name: 'vhdx', diskBytes: undefined };
  if (starts('conectix')) return { name: 'vhd', diskBytes: undefined };
  if (text(head, 64, 68) === '\x7f\x10\xda\xbe') return { name: 'vdi', diskBytes: undefined };
  if (text(head, 32_769, 32_774) === 'CD001') return { name: 'iso', diskBytes: fileBytes };
  return { name: 'raw', diskBytes: fileBytes };
}
