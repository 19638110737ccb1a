import { AppendedFile } from './AppendedFile.ts';

const clusterBits = 16;
const clusterBytes = 2 ** clusterBits;
const entryBytes = 8;
const entriesPerTable = clusterBytes / entryBytes;
/** Reference counts are 16 bit wide. */
const countsPerBlock = clusterBytes / 2;
const headerBytes = 104;
const copied = 1n << 63n;
const batchBytes = 16 * clusterBytes;
const zeros = Buffer.alloc(clusterBytes);

/**
 * Writes a stream of raw bytes as a qcow2 image in one pass: clusters of zeros take no room, and nothing is
 * read again to be converted. Format: qemu's docs/interop/qcow2.txt, version 3, clusters of 64 KiB.
 */
export class Qcow2Writer {
  readonly #file: AppendedFile;
  readonly #virtualBytes: number;
  /** Host offset of each guest cluster that is not zero, by table. */
  readonly #tables = new Map<number, BigUint64Array>();
  /** Of the cluster that comes: its bytes are not copied together. */
  #cluster: Buffer[] = [];
  #filled = 0;
  /** Clusters that are not zero, and are still to be written. */
  #batch: Buffer[] = [];
  #batched = 0;
  /** Guest offset where the cluster begins. */
  #position = 0;

  private constructor(file: AppendedFile, virtualBytes: number) {
    this.#file = file;
    this.#virtualBytes = virtualBytes;
  }

  /** `virtualBytes` is the size that a guest sees; it is rounded up to whole sectors. */
  static async create(path: string, virtualBytes: number): Promise<Qcow2Writer> {
    const size = Math.ceil(virtualBytes / 512) * 512;
    // The first cluster holds the header.
    return new Qcow2Writer(await AppendedFile.create(path, clusterBytes), size);
  }

  /** How many bytes came so far. */
  get written(): number {
    return this.#position + this.#filled;
  }

  /** Takes the next bytes, which must not be changed any more; rejects when there are more than the disk holds. */
  async write(chunk: Buffer): Promise<void> {
    if (this.written + chunk.length > this.#virtualBytes) {
      throw new RangeError(`more than ${this.#virtualBytes} bytes`);
    }
    for (let from = 0; from < chunk.length;) {
      const piece = chunk.subarray(from, from + clusterBytes - this.#filled);
      this.#cluster.push(piece);
      from += piece.length;
      this.#filled += piece.length;
      if (this.#filled === clusterBytes) this.#endCluster();
    }
    if (this.#batched >= batchBytes) await this.#flush();
  }

  /** Writes the tables; the image is whole, and on the disk, when this resolves. */
  async finish(): Promise<void> {
    if (this.#filled > 0) {
      this.#cluster.push(zeros.subarray(this.#filled));
      this.#endCluster();
    }
    await this.#flush();
    await this.#writeTables();
    await this.#file.finish();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** One of zeros is left out. */
  #endCluster(): void {
    const pieces = this.#cluster;
    this.#cluster = [];
    if (!pieces.every((piece) => piece.equals(zeros.subarray(0, piece.length)))) {
      this.#map(this.#position, this.#file.end + this.#batched);
      this.#batch.push(...pieces);
      this.#batched += clusterBytes;
    }
    this.#position += clusterBytes;
    this.#filled = 0;
  }

  async #flush(): Promise<void> {
    const pieces = this.#batch;
    this.#batch = [];
    this.#batched = 0;
    if (pieces.length > 0) await this.#file.append(...pieces);
  }

  #map(guestOffset: number, hostOffset: number): void {
    const cluster = guestOffset / clusterBytes;
    const index = Math.floor(cluster / entriesPerTable);
    let table = this.#tables.get(index);
    if (!table) this.#tables.set(index, (table = new BigUint64Array(entriesPerTable)));
    table[cluster % entriesPerTable] = BigInt(hostOffset);
  }

  /** Gives where the bytes are in the file. */
  async #append(bytes: Buffer): Promise<number> {
    const at = this.#file.end;
    await this.#file.append(bytes);
    return at;
  }

  async #writeTables(): Promise<void> {
    const guestClusters = Math.ceil(this.#virtualBytes / clusterBytes);
    const l1Entries = Math.max(1, Math.ceil(guestClusters / entriesPerTable));
    const l1 = Buffer.alloc(wholeClusters(l1Entries * entryBytes));
    for (const [index, table] of this.#tables) {
      l1.writeBigUInt64BE(
        BigInt(await this.#append(tableBytes(table))) | copied,
        index * entryBytes,
      );
    }
    const l1Offset = await this.#append(l1);
    const refcounts = await this.#writeReferenceCounts();
    const header = Buffer.alloc(clusterBytes);
    header.write('QFI\xfb', 0, 'latin1');
    header.writeUInt32BE(3, 4);
    header.writeUInt32BE(clusterBits, 20);
    header.writeBigUInt64BE(BigInt(this.#virtualBytes), 24);
    header.writeUInt32BE(l1Entries, 36);
    header.writeBigUInt64BE(BigInt(l1Offset), 40);
    header.writeBigUInt64BE(BigInt(refcounts.offset), 48);
    header.writeUInt32BE(refcounts.clusters, 56);
    header.writeUInt32BE(4, 96);
    header.writeUInt32BE(headerBytes, 100);
    await this.#file.writeAt([header], 0);
  }

  /** Every cluster of the file is used once, also those of the counts themselves. */
  async #writeReferenceCounts(): Promise<{ offset: number; clusters: number }> {
    const others = this.#file.end / clusterBytes;
    let blocks = 0;
    let tableClusters = 0;
    for (let settled = false; !settled;) {
      const wanted = Math.ceil((others + blocks + tableClusters) / countsPerBlock);
      const table = Math.ceil((wanted * entryBytes) / clusterBytes);
      settled = wanted === blocks && table === tableClusters;
      blocks = wanted;
      tableClusters = table;
    }
    const total = others + blocks + tableClusters;
    const table = Buffer.alloc(tableClusters * clusterBytes);
    for (let block = 0; block < blocks; block++) {
      const counts = Buffer.alloc(clusterBytes);
      const used = Math.min(countsPerBlock, total - block * countsPerBlock);
      for (let at = 0; at < used; at++) counts.writeUInt16BE(1, at * 2);
      table.writeBigUInt64BE(BigInt(await this.#append(counts)), block * entryBytes);
    }
    return { offset: await this.#append(table), clusters: tableClusters };
  }
}

const wholeClusters = (bytes: number) => Math.ceil(bytes / clusterBytes) * clusterBytes;

function tableBytes(table: BigUint64Array): Buffer {
  const bytes = Buffer.alloc(clusterBytes);
  table.forEach((offset, at) => {
    if (offset !== 0n) bytes.writeBigUInt64BE(offset | copied, at * entryBytes);
  });
  return bytes;
}
