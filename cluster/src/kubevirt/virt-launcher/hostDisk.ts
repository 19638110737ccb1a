import { mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { V1HostDisk } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { parseQuantity } from '../../quantity.ts';

/** The part of its size that a disk may be short of room for (DefaultLessPVCSpaceToleration, in percent). */
const toleration = 10;

/**
 * The file of this machine that is a guest's disk; made, with as much room as it may take, when its type allows that.
 * KubeVirt: pkg/host-disk/host-disk.go (d923fdb).
 */
export async function hostDiskFile({
  path,
  type,
  capacity,
}: V1HostDisk): Promise<{ path: string; format: 'raw' }> {
  const there = await sizeOf(path);
  if (there === undefined) {
    if (type !== 'DiskOrCreate') throw new Error(`the host disk ${path} is not there`);
    await create(path, parseQuantity(capacity ?? '') ?? 0);
  }
  return { path, format: 'raw' };
}

async function create(path: string, bytes: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const { bavail, bsize } = await statfs(dirname(path));
  const available = bavail * bsize;
  if (available < bytes * (1 - toleration / 100)) {
    throw new Error(
      `unable to create ${path}, not enough space, demanded size ${bytes} B is bigger than available space ${available} B, also after taking ${toleration} % toleration into account`,
    );
  }
  const file = await open(path, 'wx', 0o600);
  try {
    await file.truncate(bytes);
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
