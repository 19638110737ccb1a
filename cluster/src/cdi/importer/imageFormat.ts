/** Formats of disk images that qemu-img reads and that are told by their first bytes. */
export type ImageFormat = 'qcow2' | 'vmdk' | 'vdi' | 'vhdx' | 'vpc' | 'raw';
export type Compression = 'gzip' | 'xz' | 'zstd';

/** Bytes that `formatOf` needs to see. */
export const sniffBytes = 512;

const startsWith = (head: Buffer, magic: string, at = 0) =>
  head.length >= at + magic.length &&
  head.subarray(at, at + magic.length).toString('latin1') === magic;

export function compressionOf(head: Buffer): Compression | undefined {
  if (startsWith(head, '\x1f\x8b')) return 'gzip';
  if (startsWith(head, '\xfd7zXZ\0')) return 'xz';
  if (startsWith(head, '\x28\xb5\x2f\xfd')) return 'zstd';
  return undefined;
}

/** A tar archive (POSIX ustar and GNU's). */
export const isTar = (head: Buffer): boolean => startsWith(head, 'ustar', 257);

/** Anything without a known mark is a raw image, as CDI has it (pkg/image/filefmt.go, c07cdb6). */
export function formatOf(head: Buffer): ImageFormat {
  if (startsWith(head, 'QFI\xfb')) return 'qcow2';
  if (startsWith(head, 'KDMV')) return 'vmdk';
  if (startsWith(head, 'vhdxfile')) return 'vhdx';
  if (startsWith(head, 'conectix')) return 'vpc';
  if (startsWith(head, '\x7f\x10\xda\xbe', 64)) return 'vdi';
  return 'raw';
}
