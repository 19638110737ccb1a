import { readSync } from 'node:fs';

/** A tree without pages. */
const noRoot = 0xffffffffffffffffn;

/**
 * A page's header is followed by the places of its nodes, which count from the header's end; see
 * MDB_page and MDB_node in lmdb's own mdb.c.
 */
const header = { bytes: 24, flagsAt: 18, lowerAt: 20 };
const branchFlag = 0x01;
const node = { bytes: 8, flagsAt: 4, keySizeAt: 6 };
const overflowFlag = 0x01;

/**
 * How many pages a file of LMDB must have for the trees with these roots: one more than the last of them.
 * Reads all of a tree's pages that are there. Infinity where one lies beyond the end of the file.
 */
export function pagesNeeded(
  descriptor: number,
  pageSize: number,
  roots: readonly bigint[],
): number {
  let needed = 0;
  const left = roots.filter((root) => root !== noRoot).map(Number);
  const page = Buffer.alloc(pageSize);
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    needed = Math.max(needed, at + 1);
    if (readSync(descriptor, page, 0, pageSize, at * pageSize) < pageSize) return Infinity;
    const isBranch = (page.readUInt16LE(header.flagsAt) & branchFlag) !== 0;
    const count = page.readUInt16LE(header.lowerAt) / 2;
    for (let index = 0; index < count; index += 1) {
      const place = header.bytes + page.readUInt16LE(header.bytes + 2 * index);
      const low = page.readUInt32LE(place);
      const flags = page.readUInt16LE(place + node.flagsAt);
      if (isBranch) {
        left.push(low + flags * 2 ** 32);
      } else if ((flags & overflowFlag) !== 0) {
        // The value is not in the node but in pages of its own, which have one header.
        const keySize = page.readUInt16LE(place + node.keySizeAt);
        const start = Number(page.readBigUInt64LE(place + node.bytes + keySize));
        needed = Math.max(needed, start + Math.ceil((header.bytes + low) / pageSize));
      }
    }
  }
  return needed;
}
