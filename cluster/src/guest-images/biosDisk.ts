import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newestPackages, unpackPackages } from './aptPackages.ts';
import { runProgram } from './runProgram.ts';

const SECTOR = 512;
/** Where the one partition begins; GRUB's core image has the room before it. */
export const partitionOffset = 2 ** 20;

/** GRUB and the library that it needs and a small machine may lack. */
export const grubPackages = ['grub-pc-bin', 'grub-common', 'libdevmapper1.02.1'];

export interface BootLoader {
  /** First sector of the disk. */
  boot: Buffer;
  /** Follows it. */
  core: Buffer;
}

/** GRUB for BIOS with the commands of `config` built in; needs nothing on the disk but a file system. */
export async function makeBootLoader(
  packageCache: string,
  work: string,
  config: string,
  modules: string[],
  signal: AbortSignal,
): Promise<BootLoader> {
  const grub = join(work, 'grub');
  await unpackPackages(await newestPackages(grubPackages, signal), packageCache, grub, signal);
  const configPath = join(work, 'grub.cfg');
  await writeFile(configPath, config);
  const parts = join(grub, 'usr/lib/grub/i386-pc');
  const core = join(work, 'core.img');
  await runProgram(
    join(grub, 'usr/bin/grub-mkimage'),
    [
      ...['-O', 'i386-pc', '-d', parts, '-o', core, '-c', configPath, '-p', '(,msdos1)/boot/grub'],
      ...['biosdisk', 'part_msdos', 'ext2', ...modules],
    ],
    { signal, env: { LD_LIBRARY_PATH: join(grub, 'lib/x86_64-linux-gnu') } },
  );
  return { boot: await readFile(join(parts, 'boot.img')), core: await readFile(core) };
}

export interface BiosDisk {
  size: number;
  label: string;
  loader: BootLoader;
}

/**
 * Writes a raw disk of `size` bytes that BIOS boots: loader, one partition, ext4 with the files of
 * the folder `root`. Done inside the file, so it needs no rights and no loop device.
 */
export async function writeBiosDisk(
  path: string,
  root: string,
  disk: BiosDisk,
  signal: AbortSignal,
): Promise<void> {
  await makeEmpty(path, disk.size);
  await runProgram('mke2fs', fileSystemArguments(path, root, disk), { signal });
  await writeLoader(path, disk);
}

/**
 * The same from a tar, with the owners that it tells. Without root, this happens in a user namespace
 * in which the files may have other owners (package uidmap).
 */
export async function writeBiosDiskFromTar(
  path: string,
  tar: string,
  disk: BiosDisk,
  signal: AbortSignal,
): Promise<void> {
  await makeEmpty(path, disk.size);
  const root = `${path}.root`;
  const script =
    'mkdir "$1" && tar -x --numeric-owner -p -C "$1" -f "$2" && shift 2 && mke2fs "$@"';
  const command = ['sh', '-c', script, 'sh', root, tar, ...fileSystemArguments(path, root, disk)];
  const namespace = ['unshare', '--map-root-user', '--map-auto', '--'];
  const isRoot = process.getuid?.() === 0;
  const run = async (args: string[], abort?: AbortSignal): Promise<void> => {
    const [program = '', ...rest] = isRoot ? args : [...namespace, ...args];
    await runProgram(program, rest, abort === undefined ? {} : { signal: abort });
  };
  try {
    await run(command, signal);
  } finally {
    // Here, because its files have owners that only the namespace may remove.
    await run(['rm', '-rf', root]);
  }
  await writeLoader(path, disk);
}

async function makeEmpty(path: string, size: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, size);
}

function fileSystemArguments(path: string, root: string, disk: BiosDisk): string[] {
  return [
    ...['-q', '-F', '-t', 'ext4', '-L', disk.label, '-d', root, '-m', '0', '-b', '4096'],
    // GRUB 2.06 does not read file systems that have these.
    ...['-O', '^metadata_csum_seed,^orphan_file'],
    ...['-E', `offset=${partitionOffset},root_owner=0:0,lazy_itable_init=1,nodiscard`],
    ...[path, `${(disk.size - partitionOffset) / 1024}k`],
  ];
}

async function writeLoader(path: string, disk: BiosDisk): Promise<void> {
  const { boot, core } = disk.loader;
  if (core.length > partitionOffset - SECTOR)
    throw new Error('GRUB does not fit before the partition');
  const file = await open(path, 'r+');
  try {
    await file.write(masterBootRecord(boot, disk.size), 0, SECTOR, 0);
    await file.write(core, 0, core.length, SECTOR);
  } finally {
    await file.close();
  }
}

/** GRUB's boot sector with a partition table that has one active Linux partition. */
export function masterBootRecord(boot: Buffer, diskSize: number): Buffer {
  const sector = Buffer.alloc(SECTOR);
  boot.copy(sector, 0, 0, 440);
  const entry = 446;
  sector[entry] = 0x80;
  // Cylinders, heads and sectors say "see the block numbers".
  sector.fill(0xff, entry + 1, entry + 4);
  sector[entry + 4] = 0x83;
  sector.fill(0xff, entry + 5, entry + 8);
  sector.writeUInt32LE(partitionOffset / SECTOR, entry + 8);
  sector.writeUInt32LE((diskSize - partitionOffset) / SECTOR, entry + 12);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}
