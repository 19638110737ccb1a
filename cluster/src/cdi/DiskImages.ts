import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Name of the disk inside a volume's folder. */
export const diskFile = 'disk.qcow2';

/** Makes the disks of volumes. A disk appears under its name only when it is whole. */
export interface DiskImages {
  /** An empty disk of `bytes`. */
  createBlank(folder: string, bytes: number): Promise<void>;
  /** A copy of the image `source` (qcow2), grown to `bytes`. Rejects when the image is larger. */
  copyFrom(source: string, folder: string, bytes: number): Promise<void>;
}

const run = promisify(execFile);

async function qemuImg(...args: string[]): Promise<string> {
  try {
    return (await run('qemu-img', args)).stdout;
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(stderr.replace(/^qemu-img: /, '') || String(error), { cause: error });
  }
}

/** Size that a guest sees of an image, in bytes. */
export async function virtualSize(image: string): Promise<number> {
  const info: unknown = JSON.parse(await qemuImg('info', '--output=json', '-U', image));
  const size = typeof info === 'object' && info && 'virtual-size' in info && info['virtual-size'];
  if (typeof size !== 'number') throw new Error(`${image} is not a disk image`);
  return size;
}

/** Disks as qcow2 files, by qemu-img. */
export const qcow2Images: DiskImages = {
  async createBlank(folder, bytes) {
    await whole(folder, (file) => qemuImg('create', '-q', '-f', 'qcow2', file, String(bytes)));
  },

  async copyFrom(source, folder, bytes) {
    const size = await virtualSize(source);
    if (size > bytes) {
      throw new Error(
        `target resources requests storage size is smaller than the source: ${bytes} < ${size}`,
      );
    }
    await whole(folder, async (file) => {
      // A reflink where the file system can; the image is at rest, so its file is its content.
      await copyFile(source, file, constants.COPYFILE_FICLONE);
      if (size < bytes) await qemuImg('resize', '-q', '-f', 'qcow2', file, String(bytes));
    });
  },
};

async function whole(folder: string, make: (file: string) => Promise<unknown>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, '.unfinished.qcow2');
  try {
    await make(unfinished);
    await rename(unfinished, join(folder, diskFile));
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Of the simulated runtime: nothing is written, for no guest reads it. */
export const simulatedImages: DiskImages = {
  createBlank: () => Promise.resolve(),
  copyFrom: () => Promise.resolve(),
};
