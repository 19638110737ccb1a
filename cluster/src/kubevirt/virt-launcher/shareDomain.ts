import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Arrival, DomainSpec } from './GuestRuntime.ts';
import { guestFiles } from './qemuArguments.ts';

/**
 * The domain of the guest in `from`, for a second QEMU in `to` that receives it. Disks of claims are shared
 * as they are, but for those that move along; what lies in the guest's own folder (seed images, empty disks, firmware variables) gets a
 * second name in the other folder, so that both see the same file and each may go without the other.
 * QEMU's locks see to it that only one writes.
 */
export async function shareDomain(
  from: string,
  to: string,
  { nic, disks: moved = [] }: Arrival,
): Promise<DomainSpec> {
  const spec = JSON.parse(await readFile(join(from, guestFiles.spec), 'utf8')) as DomainSpec;
  if (existsSync(join(from, guestFiles.nvram))) await share(from, to, guestFiles.nvram);
  const disks: DomainSpec['disks'] = [];
  for (const disk of spec.disks) {
    const elsewhere = moved.find(({ name }) => name === disk.name);
    if (elsewhere) {
      disks.push({ ...disk, file: elsewhere.file });
      continue;
    }
    const { file } = disk;
    const own = file ? relative(from, file.path) : '..';
    const isOwn = !own.startsWith('..') && !isAbsolute(own);
    if (!file || !isOwn) disks.push(disk);
    else disks.push({ ...disk, file: { ...file, path: await share(from, to, own) } });
  }
  return { ...spec, disks, interfaces: spec.interfaces.map(nic) };
}

async function share(from: string, to: string, file: string): Promise<string> {
  const target = join(to, file);
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { force: true });
  await link(join(from, file), target);
  return target;
}
