import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../client/messageOf.ts';
import { makeBootLoader, writeBiosDiskFromTar } from './biosDisk.ts';
import type { BuildContext, Progress, Recipe } from './imageCache.ts';
import { runProgram } from './runProgram.ts';

/** Part of the cache's key: count up when what this file makes changes. */
const RECIPE = 4;
export const debianSize = 3 * 2 ** 30;

const LABEL = 'debian-root';
const packages = [
  ...['linux-image-cloud-amd64', 'initramfs-tools', 'systemd', 'systemd-sysv', 'systemd-resolved'],
  ...['udev', 'dbus', 'cloud-init', 'cloud-guest-utils', 'fdisk', 'e2fsprogs', 'qemu-guest-agent'],
  ...['openssh-server', 'sudo', 'iproute2', 'iputils-ping', 'netbase', 'ca-certificates', 'curl'],
  ...['less', 'nano', 'procps', 'kmod', 'bash-completion'],
];

/** The symbolic links of Debian's kernel packages: they follow updates of the kernel. */
const grubConfig = `linux16 /vmlinuz root=LABEL=${LABEL} ro console=tty0 console=ttyS0,115200 quiet net.ifnames=0
initrd16 /initrd.img
boot
`;

/** What the disk drivers of our machine are; all of Debian's would take seconds to load and unpack. */
const initramfsModules = 'virtio_pci\nvirtio_blk\nvirtio_scsi\nsd_mod\next4\n';

const files: Record<string, string> = {
  'etc/initramfs-tools/conf.d/virtdeck': 'MODULES=list\nCOMPRESS=gzip\nRESUME=none\n',
  'etc/initramfs-tools/modules': initramfsModules,
  'etc/fstab': `LABEL=${LABEL} / ext4 noatime,errors=remount-ro 0 1\n`,
  'etc/cloud/cloud.cfg.d/90_datasources.cfg':
    // No RSA key: to find its primes takes up to a minute under emulation.
    'datasource_list: [NoCloud, ConfigDrive, None]\nssh_genkeytypes: [ed25519, ecdsa]\n' +
    // There is none to choose: without the package locales the module fails, and its service with it.
    'locale: false\n',
  // Interfaces that cloud-init does not know, such as those plugged in later.
  'etc/systemd/network/80-dhcp.network': '[Match]\nType=ether\n\n[Network]\nDHCP=yes\n',
  // Without a cloud-init seed nobody makes the keys that identify the guest.
  'etc/systemd/system/ssh.service.d/keys.conf': [
    '[Service]',
    'ExecStartPre=',
    'ExecStartPre=/bin/sh -c \'ls /etc/ssh/ssh_host_*_key > /dev/null 2>&1 || ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key\'',
    'ExecStartPre=/usr/sbin/sshd -t',
    '',
  ].join('\n'),
  // Loading them takes long and fails under emulation.
  'etc/modprobe.d/no-kvm.conf': 'blacklist kvm_intel\nblacklist kvm_amd\nblacklist kvm\n',
};

const masked = [
  ...['systemd-networkd-wait-online.service', 'apt-daily.timer', 'apt-daily-upgrade.timer'],
  ...['e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer', 'dpkg-db-backup.timer'],
];

/** Debian 12 with systemd, cloud-init, SSH and the guest agent, made by mmdebstrap. */
export const debianRecipe: Recipe = {
  key: `debian-12 ${RECIPE}`,

  async build(context) {
    const { work, packageCache, onProgress, signal } = context;
    const tar = join(work, 'root.tar');
    await makeTar(context, tar);
    onProgress(0.85, 'Making the boot loader');
    const loader = await makeBootLoader(packageCache, work, grubConfig, ['linux16'], signal);
    onProgress(0.87, 'Writing the disk');
    const raw = join(work, 'disk.raw');
    const disk = { size: debianSize, label: LABEL, loader };
    await writeBiosDiskFromTar(raw, tar, disk, signal);
    onProgress(0.93, 'Compressing the disk');
    const image = join(work, 'disk.qcow2');
    await runProgram(
      'qemu-img',
      ['convert', '-f', 'raw', '-O', 'qcow2', '-c', '-o', 'compression_type=zstd', raw, image],
      { signal, nice: true },
    );
    return image;
  },
};

async function makeTar({ work, onProgress, signal }: BuildContext, tar: string): Promise<void> {
  onProgress(0, 'Downloading Debian');
  const hooks = [await essentialHook(work), cleanUp];
  await runProgram(
    'mmdebstrap',
    [
      ...['--variant=minbase', '--architectures=amd64', '--verbose', '--format=tar'],
      ...[`--include=${packages.join(',')}`, '--aptopt=Apt::Install-Recommends "false"'],
      ...['--dpkgopt=path-exclude=/usr/share/man/*', '--dpkgopt=path-exclude=/usr/share/locale/*'],
      ...[
        '--dpkgopt=path-exclude=/usr/share/doc/*',
        '--dpkgopt=path-include=/usr/share/doc/*/copyright',
      ],
      ...hooks,
      ...['bookworm', tar],
    ],
    { signal, nice: true, onLine: tarProgress(onProgress) },
  ).catch((error: unknown) => {
    throw new Error(`Debian could not be put together: ${explain(error)}`, { cause: error });
  });
}

/** Files must be there before the kernel's package makes its initramfs. */
async function essentialHook(work: string): Promise<string> {
  const script = join(work, 'files.sh');
  const writes = Object.entries(files).map(
    ([path, text]) =>
      `mkdir -p "$1/$(dirname '${path}')"\ncat > "$1/${path}" << 'END'\n${text}END\n`,
  );
  await writeFile(script, `#!/bin/sh\nset -e\n${writes.join('')}`, { mode: 0o755 });
  return `--essential-hook=sh ${quote(script)} "$1"`;
}

const cleanUp = `--customize-hook=${[
  `for unit in ${masked.join(' ')}; do ln -sf /dev/null "$1/etc/systemd/system/$unit"; done`,
  'chroot "$1" systemctl enable systemd-networkd systemd-resolved ssh > /dev/null',
  'ln -sf ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"',
  'rm -f "$1"/etc/ssh/ssh_host_*',
  ': > "$1/etc/machine-id"',
  'rm -f "$1/etc/hostname"',
].join(' && ')}`;

/** apt says "Unpacking" and "Setting up" once for every package; there are about 200. */
function tarProgress(onProgress: Progress): (line: string) => void {
  const expected = 400;
  let seen = 0;
  return (line) => {
    if (!/^(Unpacking|Setting up) /.test(line)) return;
    seen++;
    const name = line.split(' ').find((word) => !/^(Unpacking|Setting|up)$/.test(word)) ?? '';
    onProgress(Math.min(0.1 + (0.75 * seen) / expected, 0.84), `Installing ${name}`);
  };
}

function explain(error: unknown): string {
  const text = messageOf(error);
  if (text.includes('is not installed'))
    return `${text}. As root, run: apt-get install mmdebstrap uidmap`;
  if (/newuidmap|unshare|user namespace|subuid|chroot mode/i.test(text))
    return `${text}\nWithout root this needs user namespaces, the package uidmap, and an entry for the user in /etc/subuid and /etc/subgid.`;
  return text;
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
