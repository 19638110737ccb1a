import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

import { walkPages } from './storePages.ts';

/** What is on the disk is not what was written. Nothing has been changed. */
export class DamagedStoreError extends Error {
  constructor(file: string, why: string, options?: ErrorOptions) {
    super(
      `The store ${file} is damaged: ${why}. It was left as it is. Restore a backup (npm run cluster -- restore FILE), or move the folder away to begin anew.`,
      options,
    );
    this.name = 'DamagedStoreError';
  }
}

/** LMDB's file begins with two pages that each describe a state of it; numbers are little-endian. */
const meta = {
  ...{ magic: 0xbeefc0de, magicAt: 0x18, pageSizeAt: 0x30, lastPageAt: 0x90, txnAt: 0x98 },
  ...{ freeRootAt: 0x58, mainRootAt: 0x88 },
};
const smallestPage = 4096;

/**
 * Looks at the file before LMDB maps it into memory, because LMDB trusts it: a header that is not its
 * own, an end that is cut off, or a page that is not whole would end the program without a word.
 */
export function checkStoreFile(file: string): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) return;
    const first = readMeta(descriptor, 0);
    const second = first && readMeta(descriptor, first.pageSize);
    if (first === undefined || second === undefined) {
      throw new DamagedStoreError(file, 'its header is not that of a store');
    }
    const { lastPage, pageSize, roots } = first.transaction > second.transaction ? first : second;
    const expected = (lastPage + 1) * pageSize;
    const { needed, problem } = walkPages(descriptor, pageSize, roots);
    // A page that one transaction took and gave back is counted, but never written at the file's end.
    if (size < expected && needed * pageSize > size) {
      throw new DamagedStoreError(file, `it has ${size} bytes of ${expected}; its end is cut off`);
    }
    if (problem !== undefined) throw new DamagedStoreError(file, problem);
  } finally {
    closeSync(descriptor);
  }
}

function readMeta(descriptor: number, position: number) {
  const page = Buffer.alloc(256);
  readSync(descriptor, page, 0, page.length, position);
  if (page.readUInt32LE(meta.magicAt) !== meta.magic) return undefined;
  const pageSize = page.readUInt32LE(meta.pageSizeAt);
  if (pageSize < smallestPage || (pageSize & (pageSize - 1)) !== 0) return undefined;
  return {
    pageSize,
    lastPage: Number(page.readBigUInt64LE(meta.lastPageAt)),
    transaction: page.readBigUInt64LE(meta.txnAt),
    roots: [page.readBigUInt64LE(meta.freeRootAt), page.readBigUInt64LE(meta.mainRootAt)],
  };
}
