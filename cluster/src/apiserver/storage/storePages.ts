import { readSync } from 'node:fs';

/** A tree without pages. */
const noRoot = 0xffffffffffffffffn;

/**
 * A page begins with its own number. Its header is followed by the places of its nodes, which count from the
 * header's end; see MDB_page and MDB_node in lmdb's own mdb.c.
 */
const header = { bytes: 24, flagsAt: 18, lowerAt: 20, upperAt: 22, pagesAt: 20 };
const branchFlag = 0x01;
const leafFlag = 0x02;
const overflowPageFlag = 0x04;
const node = { bytes: 8, flagsAt: 4, keySizeAt: 6 };
const overflowFlag = 0x01;

export interface PageWalk {
  /** How many pages the file must have: one more than the last page of its trees. */
  readonly needed: number;
  /** What is not as LMDB writes it; undefined when all is. LMDB would follow it, and end the program. */
  readonly problem: string | undefined;
}

/** Reads all pages of the trees with these roots, but of large values only the beginning. */
export function walkPages(
  descriptor: number,
  pageSize: number,
  roots: readonly bigint[],
): PageWalk {
  const walk = new Walk(descriptor, pageSize);
  try {
    for (const root of roots) if (root !== noRoot) walk.tree(Number(root));
    return { needed: walk.needed, problem: undefined };
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    return { needed: walk.needed, problem: error.message };
  }
}

class PageError extends Error {}

class Walk {
  needed = 0;
  private readonly page: Buffer;
  private readonly seen = new Set<number>();

  constructor(
    private readonly descriptor: number,
    private readonly pageSize: number,
  ) {
    this.page = Buffer.alloc(pageSize);
  }

  tree(root: number): void {
    const left = [root];
    for (let at = left.pop(); at !== undefined; at = left.pop()) left.push(...this.visit(at));
  }

  /** Checks one page of a tree; returns the pages below it. */
  private visit(at: number): number[] {
    const { page, pageSize } = this;
    const flags = this.read(at, pageSize);
    const isBranch = (flags & branchFlag) !== 0;
    if (isBranch === ((flags & leafFlag) !== 0))
      throw new PageError(`page ${at} is of no known kind`);
    const lower = page.readUInt16LE(header.lowerAt);
    const upper = page.readUInt16LE(header.upperAt);
    const room = pageSize - header.bytes;
    if (lower % 2 !== 0 || lower > upper || upper > room) {
      throw new PageError(`page ${at} has a header that cannot be`);
    }
    const below: number[] = [];
    for (let place = 0; place < lower; place += 2) {
      const start = page.readUInt16LE(header.bytes + place);
      if (start < upper || start + node.bytes > room) {
        throw new PageError(`page ${at} points out of itself`);
      }
      const child = this.checkNode(at, header.bytes + start, isBranch);
      if (child !== undefined) below.push(child);
    }
    // Reading them would overwrite this page.
    if (isBranch) return below;
    for (const large of below) this.visitLarge(large);
    return [];
  }

  /** The page that a node points at: the child of a branch, or where a large value is. */
  private checkNode(at: number, start: number, isBranch: boolean): number | undefined {
    const { page, pageSize } = this;
    const low = page.readUInt32LE(start);
    const flags = page.readUInt16LE(start + node.flagsAt);
    const end = start + node.bytes + page.readUInt16LE(start + node.keySizeAt);
    const isLarge = !isBranch && (flags & overflowFlag) !== 0;
    const valueBytes = isBranch ? 0 : isLarge ? 8 : low;
    if (end + valueBytes > pageSize)
      throw new PageError(`page ${at} has an entry that it cannot hold`);
    if (isBranch) return low + flags * 2 ** 32;
    if (!isLarge) return undefined;
    const large = Number(page.readBigUInt64LE(end));
    this.needed = Math.max(this.needed, large + Math.ceil((header.bytes + low) / pageSize));
    return large;
  }

  /** A large value has pages of its own, of which only the first has a header. */
  private visitLarge(at: number): void {
    const flags = this.read(at, header.bytes);
    if ((flags & overflowPageFlag) === 0) throw new PageError(`page ${at} is not that of a value`);
    this.needed = Math.max(this.needed, at + this.page.readUInt32LE(header.pagesAt));
  }

  /** Reads the beginning of a page; returns its flags. */
  private read(at: number, bytes: number): number {
    this.needed = Math.max(this.needed, at + 1);
    if (this.seen.has(at)) throw new PageError(`page ${at} is used twice`);
    this.seen.add(at);
    const position = at * this.pageSize;
    if (!Number.isSafeInteger(position)) throw new PageError(`page ${at} cannot be`);
    if (readSync(this.descriptor, this.page, 0, bytes, position) < bytes) {
      throw new PageError(`page ${at} is missing`);
    }
    if (this.page.readBigUInt64LE(0) !== BigInt(at)) {
      throw new PageError(`page ${at} is not what was written there`);
    }
    return this.page.readUInt16LE(header.flagsAt);
  }
}
