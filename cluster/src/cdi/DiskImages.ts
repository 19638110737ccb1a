import { rm } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Name of the disk inside a volume's folder. */
export const diskFile = 'disk.qcow2';

export interface Blank {
  bytes: number;
  preallocate?: boolean;
  /** Of a clone: it shares nothing with its source. */
  independent?: boolean;
}

export interface Incoming extends Blank {
  /** How many bytes the stream has, if that is known. */
  sourceBytes?: number;
  /** The folder to which an image comes that has to be converted; that of the disk when absent. */
  scratch?: string;
}

/** How a guest that runs goes on with another file; see `GuestDisks.snapshot`. */
export type SwitchFile = (overlay: string) => Promise<void>;

/** A disk that is being read. */
export interface RawDisk {
  /** Its size. */
  bytes: number;
  /** The bytes from `start` up to `end`, which is not among them. */
  read(start: number, end: number): Readable;
  close(): Promise<void>;
}

/**
 * Makes the disks of volumes, each known by the folder of its volume. A disk appears in its folder only
 * when it is whole. Sizes are bytes, as a guest sees them.
 */
export interface DiskImages {
  /** An empty disk that is a file of its own, outside of any volume. */
  createFile(path: string, bytes: number): Promise<void>;
  /** A disk outside of any volume that begins as the image `below`, which it does not change. */
  createOverlay(path: string, below: { path: string; format: 'qcow2' | 'raw' }): Promise<void>;
  /** An empty disk. */
  createBlank(folder: string, blank: Blank): Promise<void>;
  /** An empty disk in a folder that has had none yet; one that is there is left as it is. */
  ensureBlank(folder: string, blank: Blank): Promise<void>;
  /** The bytes of an image, in any format and compression that CDI takes. Rejects when it is larger. */
  write(image: Readable, folder: string, disk: Incoming, signal: AbortSignal): Promise<void>;
  /** The files of a tar archive, packed or not, beside no disk. Rejects when they are larger. */
  unpack(archive: Readable, folder: string, bytes: number, signal: AbortSignal): Promise<void>;
  /** A copy of the image `source` (qcow2). Rejects when it is larger. */
  copyFrom(source: string, folder: string, blank: Blank): Promise<void>;
  /**
   * A copy of the disk in `from`, which no guest may write to, or, with `live`, that of a guest. It costs no
   * time and no room until one of the two is written to.
   */
  clone(from: string, folder: string, blank: Blank, live?: SwitchFile): Promise<void>;
  /** Keeps the present content of the disk in `from` under the folder `snapshot`; `clone` reads it. */
  snapshot(from: string, snapshot: string, live?: SwitchFile): Promise<void>;
  /** Makes the disk larger; a running guest is told by the runtime. Smaller sizes are ignored. */
  grow(folder: string, bytes: number): Promise<void>;
  /** Size of the disk in a folder; undefined when there is none. */
  sizeOf(folder: string): Promise<number | undefined>;
  /** The content of the disk in a folder that nobody writes to, as a guest sees it. */
  open(folder: string): Promise<RawDisk>;
  /** Removes a volume's or snapshot's folder, and what nothing else needs of it. */
  remove(folder: string): Promise<void>;
}

async function forget(bytes: Readable): Promise<void> {
  const nothing = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  await pipeline(bytes, nothing);
}

/** Of the simulated runtime: nothing is written, for no guest reads it. */
export const simulatedImages: DiskImages = {
  createFile: () => Promise.resolve(),
  createOverlay: () => Promise.resolve(),
  createBlank: () => Promise.resolve(),
  ensureBlank: () => Promise.resolve(),
  write: forget,
  unpack: forget,
  copyFrom: () => Promise.resolve(),
  clone: () => Promise.resolve(),
  snapshot: () => Promise.resolve(),
  grow: () => Promise.resolve(),
  sizeOf: () => Promise.resolve(undefined),
  open: () =>
    Promise.resolve({ bytes: 0, read: () => Readable.from([]), close: () => Promise.resolve() }),
  remove: (folder) => rm(folder, { recursive: true, force: true }),
};
