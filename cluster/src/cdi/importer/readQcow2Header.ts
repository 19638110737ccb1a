import { open } from 'node:fs/promises';

export interface Qcow2Header {
  version: number;
  virtualBytes: number;
  clusterBits: number;
  /** As it stands in the image: relative to the image's own folder, or absolute. */
  backingFile: string | undefined;
  encrypted: boolean;
  snapshots: number;
  /** Its data is in another file, which the image names. */
  externalData: boolean;
  /** It says of itself that it was not closed well, or is broken. */
  dirty: boolean;
  /** Does it hold no data of its own? Then a guest sees its backing file, or zeros. */
  empty: boolean;
}

/**
 * Reads the header without qemu-img, which would follow the files that an image of unknown origin names.
 * Undefined when the file is no qcow2 image. Format: qemu's docs/interop/qcow2.txt.
 */
export async function readQcow2Header(path: string): Promise<Qcow2Header | undefined> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(104);
    await file.read(head, 0, head.length, 0);
    if (head.toString('latin1', 0, 4) !== 'QFI\xfb') return undefined;
    const version = head.readUInt32BE(4);
    const features = version >= 3 ? head.readBigUInt64BE(72) : 0n;
    const backingLength = head.readUInt32BE(16);
    const backing = Buffer.alloc(Math.min(backingLength, 1023));
    if (backingLength > 0) {
      await file.read(backing, 0, backing.length, Number(head.readBigUInt64BE(8)));
    }
    const l1 = Buffer.alloc(Math.min(head.readUInt32BE(36), 2 ** 22) * 8);
    await file.read(l1, 0, l1.length, Number(head.readBigUInt64BE(40)));
    return {
      version,
      virtualBytes: Number(head.readBigUInt64BE(24)),
      clusterBits: head.readUInt32BE(20),
      backingFile: backingLength > 0 ? backing.toString('utf8') : undefined,
      encrypted: head.readUInt32BE(32) !== 0,
      snapshots: head.readUInt32BE(60),
      externalData: (features & 4n) !== 0n,
      dirty: (features & 3n) !== 0n,
      empty: l1.every((byte) => byte === 0),
    };
  } finally {
    await file.close();
  }
}
