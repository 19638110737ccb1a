import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { persistentVolumeClaims, persistentVolumes } from '../../src/client/resources.ts';
import type { KubeClient } from '../../src/client/KubeClient.ts';

const run = promisify(execFile);
export const mebibyte = 2 ** 20;

/** A raw image of 8 MiB: data at the start and at 5 MiB, nothing between. */
export async function rawImage(folder: string, name = 'disk.raw'): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, 'w');
  await file.write(randomBytes(300_000), 0, 300_000, 0);
  await file.write(randomBytes(70_000), 0, 70_000, 5 * mebibyte + 11);
  await file.truncate(8 * mebibyte);
  await file.close();
  return path;
}

/** The same content in another format of qemu-img. */
export async function converted(
  raw: string,
  format: string,
  ...options: string[]
): Promise<string> {
  const path = `${raw}.${format}`;
  await run('qemu-img', ['convert', '-f', 'raw', '-O', format, ...options, raw, path]);
  return path;
}

/** Path of the disk behind a claim. */
export async function diskOf(client: KubeClient, name: string): Promise<string> {
  const claim = await client.get(persistentVolumeClaims, { namespace: 'default', name });
  const volume = await client.get(persistentVolumes, { name: claim.spec.volumeName ?? '' });
  return join(volume.spec.hostPath?.path ?? '', 'disk.qcow2');
}

/** What a guest reads from a disk, by qemu-img. */
export async function contentOf(disk: string, folder: string): Promise<Buffer> {
  const path = join(folder, `content-${randomBytes(4).toString('hex')}`);
  await run('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', disk, path]);
  return readFile(path);
}

/** Rejects with what qemu-img finds wrong with an image. */
export async function check(disk: string): Promise<void> {
  await run('qemu-img', ['check', '-q', '-f', 'qcow2', disk]);
}
