import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

import {
  type Blank,
  diskFile,
  type DiskImages,
  type Incoming,
  type RawDisk,
  type SwitchFile,
} from '../cdi/DiskImages.ts';
import { tooLarge } from '../cdi/importer/ImportError.ts';
import { qemuImg } from '../cdi/importer/qemuImg.ts';
import { readQcow2Header } from '../cdi/importer/readQcow2Header.ts';
import { unpackArchive } from '../cdi/importer/unpackArchive.ts';
import { opened, writeDisk } from '../cdi/importer/writeDisk.ts';
import { openRaw } from './openRaw.ts';

/** Says in a volume's folder which layer its guest is being moved to. */
const journal = '.switching';

/**
 * Disks as qcow2 files. Each file is a layer, `layers/ID/disk.qcow2`; a volume's folder and a snapshot's hold
 * a link to one. A snapshot keeps the layer that there is and puts an empty one on it, to which the volume
 * goes on writing; a clone is an empty layer on that of its source. So both take no time, on any file
 * system. A layer under another is never written to again. A file never changes its name, because QEMU
 * opens it again by name; layers and volumes are equally deep, so that a relative path leads from both.
 */
export class Qcow2Images implements DiskImages {
  readonly #root: string;
  /** Layers in the making: nothing links to them yet. */
  readonly #unfinished = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  /** `root` is the data folder, with `volumes/` and `snapshots/` in it. */
  constructor(root: string) {
    this.#root = root;
  }

  async createFile(path: string, bytes: number): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await qemuImg(['create', '-q', '-f', 'qcow2', path, String(bytes)]);
  }

  async createOverlay(
    path: string,
    below: { path: string; format: 'qcow2' | 'raw' },
  ): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    // Under another name until it is whole: a file of the right name is taken as it is.
    const partial = `${path}.partial`;
    const options = ['-q', '-f', 'qcow2', '-F', below.format, '-b', below.path];
    await qemuImg(['create', ...options, partial]);
    await rename(partial, path);
  }

  async createBlank(folder: string, { bytes, preallocate }: Blank): Promise<void> {
    const options = preallocate ? ['-o', 'preallocation=falloc'] : [];
    const takesPlace = await isThere(join(folder, diskFile));
    await this.#make(folder, async (file) => {
      await qemuImg(['create', '-q', '-f', 'qcow2', ...options, file, String(bytes)]);
    });
    if (takesPlace) await this.#exclusive(() => this.#collect());
  }

  async ensureBlank(folder: string, blank: Blank): Promise<void> {
    await this.#exclusive(async () => {
      // A link that leads nowhere is a disk that was lost.
      if (!(await isThere(join(folder, diskFile)))) await this.createBlank(folder, blank);
    });
  }

  write(image: Readable, folder: string, disk: Incoming, signal: AbortSignal): Promise<void> {
    return this.#make(folder, (path) => writeDisk(image, { ...disk, path, signal }));
  }

  async unpack(
    archive: Readable,
    folder: string,
    bytes: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { stream } = await opened(archive, signal);
    await unpackArchive(stream, { folder, bytes, signal });
  }

  async copyFrom(source: string, folder: string, { bytes }: Blank): Promise<void> {
    const size = (await readQcow2Header(source))?.virtualBytes ?? 0;
    if (size > bytes) throw tooLarge(size, bytes);
    await this.#make(folder, async (file) => {
      // A reflink where the file system can; the image is at rest, so its file is its content.
      await copyFile(source, file, constants.COPYFILE_FICLONE);
      if (size < bytes) await resize(file, bytes);
    });
  }

  async clone(
    from: string,
    folder: string,
    { bytes, preallocate, independent }: Blank,
    live?: SwitchFile,
  ): Promise<void> {
    const size = (await this.sizeOf(from)) ?? 0;
    if (size > bytes) {
      throw new Error(
        `target resources requests storage size is smaller than the source: ${bytes} < ${size}`,
      );
    }
    await this.#exclusive(async () => {
      const layer = await this.#freeze(from, live);
      await this.#make(folder, (file) => createOverlay(file, layer, bytes));
    });
    if (!(preallocate ?? independent)) return;
    await this.#fillUp(folder, preallocate === true);
    // The layer that shared with the source.
    await this.#exclusive(() => this.#collect());
  }

  /** Gives a disk that nobody uses yet a file of its own with all of its content. */
  async #fillUp(folder: string, preallocate: boolean): Promise<void> {
    const source = await realpath(join(folder, diskFile));
    await this.#make(folder, async (file) => {
      const room = preallocate ? ['-o', 'preallocation=falloc'] : [];
      const formats = ['-t', 'writeback', '-f', 'qcow2', '-O', 'qcow2'];
      await qemuImg(['convert', ...formats, ...room, source, file]);
    });
  }

  async snapshot(from: string, snapshot: string, live?: SwitchFile): Promise<void> {
    await this.#exclusive(async () => {
      await link(snapshot, await this.#freeze(from, live));
    });
  }

  async grow(folder: string, bytes: number): Promise<void> {
    const size = await this.sizeOf(folder);
    if (size !== undefined && size < bytes)
      await resize(await realpath(join(folder, diskFile)), bytes);
  }

  async sizeOf(folder: string): Promise<number | undefined> {
    try {
      return (await readQcow2Header(join(folder, diskFile)))?.virtualBytes;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async open(folder: string): Promise<RawDisk> {
    return openRaw(await realpath(join(folder, diskFile)));
  }

  async remove(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await this.#exclusive(() => this.#collect());
  }

  /**
   * After a kill: ends what was begun, and removes layers that were not finished. Guests may be running.
   */
  async recover(): Promise<void> {
    await this.#exclusive(async () => {
      for (const folder of await this.#folders('volumes')) await this.#recoverSwitch(folder);
      await this.#collect();
    });
  }

  async #make(folder: string, fill: (file: string) => Promise<unknown>): Promise<void> {
    const layer = randomBytes(8).toString('hex');
    this.#unfinished.add(layer);
    try {
      await mkdir(dirname(this.#fileOf(layer)), { recursive: true, mode: 0o700 });
      await fill(this.#fileOf(layer));
      await link(folder, layer);
    } catch (error) {
      await rm(dirname(this.#fileOf(layer)), { recursive: true, force: true });
      throw error;
    } finally {
      this.#unfinished.delete(layer);
    }
  }

  /** Gives the layer with the present content of a disk, to which nobody writes from now on. */
  async #freeze(folder: string, live?: SwitchFile): Promise<string> {
    const file = await realpath(join(folder, diskFile));
    const top = basename(dirname(file));
    if (basename(dirname(folder)) === 'snapshots') return top;
    const header = await readQcow2Header(file);
    if (!live && header?.empty && header.backingFile !== undefined) {
      const below = basename(dirname(header.backingFile));
      const size = (await readQcow2Header(this.#fileOf(below)))?.virtualBytes;
      if (size === header.virtualBytes) return below;
    }
    const next = randomBytes(8).toString('hex');
    await mkdir(dirname(this.#fileOf(next)), { mode: 0o700 });
    try {
      await createOverlay(this.#fileOf(next), top, header?.virtualBytes ?? 0);
      await writeFile(join(folder, journal), next);
      await live?.(this.#fileOf(next));
    } catch (error) {
      await rm(dirname(this.#fileOf(next)), { recursive: true, force: true });
      await rm(join(folder, journal), { force: true });
      throw error;
    }
    await link(folder, next);
    await rm(join(folder, journal), { force: true });
    return top;
  }

  /** The guest writes either to the layer of the link or, when it was told in time, to the next. */
  async #recoverSwitch(folder: string): Promise<void> {
    const next = await readFile(join(folder, journal), 'utf8').catch(() => undefined);
    if (next === undefined) return;
    const stays = await isWrittenTo(join(folder, diskFile));
    if (!stays && (await readQcow2Header(this.#fileOf(next)).catch(() => undefined))) {
      await link(folder, next);
    }
    await rm(join(folder, journal), { force: true });
  }

  /**
   * Removes the layers to which nothing leads. Others are begun and finished meanwhile: those that are there are looked
   * at first, then which of them are in the making, and then the links, which the finished ones have by then.
   */
  async #collect(): Promise<void> {
    const there = await this.#folders('layers');
    const used = new Set(this.#unfinished);
    for (const folder of [
      ...(await this.#folders('volumes')),
      ...(await this.#folders('snapshots')),
    ]) {
      const pending = await readFile(join(folder, journal), 'utf8').catch(() => undefined);
      if (pending !== undefined) used.add(pending);
      let file = await realpath(join(folder, diskFile)).catch(() => undefined);
      while (file !== undefined) {
        const layer = basename(dirname(file));
        if (used.has(layer)) break;
        used.add(layer);
        const below: string | undefined = (await readQcow2Header(file))?.backingFile;
        file = below === undefined ? undefined : join(dirname(file), below);
      }
    }
    for (const folder of there) {
      if (!used.has(basename(folder))) await rm(folder, { recursive: true, force: true });
    }
  }

  async #folders(kind: 'volumes' | 'snapshots' | 'layers'): Promise<string[]> {
    try {
      return (await readdir(join(this.#root, kind))).map((name) => join(this.#root, kind, name));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  #fileOf(layer: string): string {
    return join(this.#root, 'layers', layer, diskFile);
  }

  /** One after the other: a layer must not be collected while a clone is being put on it. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

const relativePath = (layer: string) => join('..', '..', 'layers', layer, diskFile);

/** Puts the link to a layer into a volume's folder, in place of one that may be there. */
async function link(folder: string, layer: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const next = join(folder, '.next');
  await rm(next, { force: true });
  await symlink(relativePath(layer), next);
  await rename(next, join(folder, diskFile));
}

async function createOverlay(file: string, layer: string, bytes: number): Promise<void> {
  const backing = ['-u', '-F', 'qcow2', '-b', relativePath(layer)];
  await qemuImg(['create', '-q', '-f', 'qcow2', ...backing, file, String(bytes)]);
}

async function resize(file: string, bytes: number): Promise<void> {
  await qemuImg(['resize', '-q', '-f', 'qcow2', file, String(bytes)]);
}

/** Has a guest the image open for writing? QEMU locks it then, and qemu-img refuses to read it. */
async function isWrittenTo(file: string): Promise<boolean> {
  try {
    await qemuImg(['info', '--output=json', file]);
    return false;
  } catch (error) {
    if (error instanceof Error && error.message.includes('lock')) return true;
    throw error;
  }
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
