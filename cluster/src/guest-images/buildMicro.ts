import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type AptPackage, cloudKernelName, newestPackages, unpackPackages } from './aptPackages.ts';
import { makeBootLoader, writeBiosDisk } from './biosDisk.ts';
import { cpio, type CpioEntry } from './cpio.ts';
import type { Recipe } from './imageCache.ts';
import { moduleFiles } from './kernelModules.ts';
import {
  diskModules,
  grubConfig,
  initramfsInit,
  microFiles,
  microLabel,
  otherModules,
  scsiModules,
} from './microFiles.ts';
import { runProgram } from './runProgram.ts';

/** Part of the cache's key: count up when what this file or microFiles.ts makes changes. */
const RECIPE = 7;
export const microSize = 512 * 2 ** 20;

const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
/** What the guest agent and the SSH server are linked with, by package. */
const libraries: Record<string, string[]> = {
  'libglib2.0-0': ['libglib-2.0.so.0', 'libgmodule-2.0.so.0'],
  libnuma1: ['libnuma.so.1'],
  libudev1: ['libudev.so.1'],
  liburing2: ['liburing.so.2'],
  'libpcre2-8-0': ['libpcre2-8.so.0'],
  libcrypt1: ['libcrypt.so.1'],
  libgmp10: ['libgmp.so.10'],
  libtomcrypt1: ['libtomcrypt.so.1'],
  libtommath1: ['libtommath.so.1'],
  zlib1g: ['libz.so.1'],
  libc6: ['libc.so.6', 'libm.so.6', 'ld-linux-x86-64.so.2'],
};

/** The micro guest: Debian's cloud kernel, busybox, the guest agent and an SSH server on a disk of their own. */
export const microRecipe: Recipe = {
  key: `micro ${RECIPE}`,

  async build({ work, packageCache, onProgress, signal }) {
    onProgress(0, 'Fetching packages');
    const packages = await newestPackages(await guestPackages(), signal);
    const unpacked = join(work, 'unpacked');
    await unpackPackages(packages, packageCache, unpacked, signal);
    const kernel = kernelOf(packages);
    const root = join(work, 'root');
    await makeRoot(unpacked, root, kernel);
    onProgress(0.5, 'Making the boot loader');
    const loader = await makeBootLoader(packageCache, work, grubConfig, ['linux16'], signal);
    onProgress(0.8, 'Writing the disk');
    const raw = join(work, 'disk.raw');
    await writeBiosDisk(raw, root, { size: microSize, label: microLabel, loader }, signal);
    const image = join(work, 'disk.qcow2');
    await runProgram('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, image], { signal });
    return image;
  },
};

async function guestPackages(): Promise<string[]> {
  const programs = ['busybox-static', 'qemu-guest-agent', 'dropbear-bin'];
  return [await cloudKernelName(), ...programs, ...Object.keys(libraries)];
}

function kernelOf(packages: AptPackage[]): string {
  const name = packages.find((apt) => apt.name.startsWith('linux-image-'))?.name ?? '';
  return name.replace('linux-image-', '');
}

async function makeRoot(unpacked: string, root: string, kernel: string): Promise<void> {
  for (const directory of [
    ...['bin', 'boot', 'dev', 'etc/acpi/PWRF', 'etc/dropbear', 'lib/modules'],
    ...['lib/x86_64-linux-gnu', 'lib64', 'proc', 'root', 'run', 'sys', 'tmp', 'usr', 'var/log'],
    ...['var/lib/cloud', 'www/cgi-bin'],
  ])
    await mkdir(join(root, directory), { recursive: true });
  await symlink('bin', join(root, 'sbin'));
  await symlink('../bin', join(root, 'usr/bin'));
  await symlink('../bin', join(root, 'usr/sbin'));
  await symlink('../run', join(root, 'var/run'));

  const busybox = join(unpacked, 'bin/busybox');
  await copyFile(busybox, join(root, 'bin/busybox'));
  const applets = (await runProgram(busybox, ['--list'])).split('\n').map((name) => name.trim());
  for (const applet of applets)
    if (applet !== '' && applet !== 'busybox') await symlink('busybox', join(root, 'bin', applet));

  const modules = join(unpacked, 'lib/modules', kernel, 'kernel');
  const first = await moduleFiles(modules, diskModules);
  const later = (await moduleFiles(modules, scsiModules)).filter((file) => !first.includes(file));
  const others = await moduleFiles(modules, otherModules);
  const needed = others.filter((file) => !first.includes(file));
  for (const file of needed) await copyFile(file, join(root, 'lib/modules', basename(file)));

  await copyPrograms(unpacked, root);
  const files = microFiles(
    kernel,
    needed.map((file) => basename(file)),
  );
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  await copyFile(join(unpacked, 'boot', `vmlinuz-${kernel}`), join(root, 'boot/vmlinuz'));
  await writeFile(join(root, 'boot/initrd.gz'), await initramfs(busybox, first, later));
  await openForAll(root);
}

/** This program keeps its files for its own user; those of the guest are for all users of the guest. */
async function openForAll(root: string): Promise<void> {
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
  await chmod(join(root, 'root'), 0o700);
}

async function copyPrograms(unpacked: string, root: string): Promise<void> {
  await copyFile(join(unpacked, 'usr/sbin/qemu-ga'), join(root, 'bin/qemu-ga'));
  await copyFile(join(unpacked, 'usr/sbin/dropbear'), join(root, 'bin/dropbear'));
  for (const library of Object.values(libraries).flat()) {
    const target = join(root, 'lib/x86_64-linux-gnu', library);
    // Some packages still have theirs outside /usr.
    await copyFile(join(unpacked, LIBRARIES, library), target).catch(() =>
      copyFile(join(unpacked, 'lib/x86_64-linux-gnu', library), target),
    );
  }
  await symlink(
    '../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    join(root, 'lib64/ld-linux-x86-64.so.2'),
  );
}

async function initramfs(busybox: string, first: string[], later: string[]): Promise<Buffer> {
  const directories = ['bin', 'dev', 'modules', 'proc', 'root', 'sys'];
  const commands = ['echo', 'findfs', 'insmod', 'mount', 'sh', 'switch_root', 'usleep'];
  const entries: CpioEntry[] = [
    ...directories.map((path) => ({ path, kind: 'directory' }) as const),
    { path: 'bin/busybox', kind: 'file', content: await readFile(busybox), executable: true },
    ...commands.map((name) => ({ path: `bin/${name}`, kind: 'link', target: 'busybox' }) as const),
  ];
  for (const file of [...first, ...later]) {
    const path = `modules/${basename(file)}`;
    entries.push({ path, kind: 'file', content: await readFile(file), executable: false });
  }
  const names = (files: string[]): string[] => files.map((file) => basename(file));
  const init = Buffer.from(initramfsInit(names(first), names(later)));
  entries.push({ path: 'init', kind: 'file', content: init, executable: true });
  return gzipSync(cpio(entries));
}
