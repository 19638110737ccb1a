import { createHash } from 'node:crypto';
import type { DomainDisk } from './GuestRuntime.ts';

/**
 * The name of a volume's block node: QEMU allows 31 characters there, Kubernetes 63. Derived from the
 * volume's name, so that it is known again after the program starts anew.
 */
export function blockNode(diskName: string): string {
  return `n-${createHash('sha1').update(diskName).digest('hex').slice(0, 20)}`;
}

export const deviceId = (diskName: string) => `ua-${diskName}`;

/** Options of `-blockdev` and `blockdev-add` for the file of a disk. */
export function blockNodeOptions(
  disk: DomainDisk,
  file: NonNullable<DomainDisk['file']>,
): Record<string, unknown> {
  const readOnly = disk.readOnly || disk.device === 'cdrom';
  return {
    driver: file.format,
    'node-name': blockNode(disk.name),
    'read-only': readOnly,
    ...(readOnly ? {} : { discard: 'unmap', 'detect-zeroes': 'unmap' }),
    file: { driver: 'file', filename: file.path, 'auto-read-only': readOnly },
  };
}

/** By KubeVirt's errorPolicy. Its default: the guest stops, loses nothing, and goes on once there is room. */
const onError = {
  stop: { werror: 'stop', rerror: 'stop' },
  ignore: { werror: 'ignore', rerror: 'ignore' },
  report: { werror: 'report', rerror: 'report' },
  enospace: { werror: 'enospc', rerror: 'report' },
};

const blocksOf = ({ blockSize, writeThrough }: DomainDisk) => ({
  ...(blockSize && {
    logical_block_size: blockSize.logical,
    physical_block_size: blockSize.physical,
  }),
  ...(writeThrough && { 'write-cache': 'off' }),
});

/** Options of `-device` and `device_add` for a disk that has its place (see placeDevices). */
export function diskDevice(disk: DomainDisk): Record<string, unknown> {
  const cdrom = disk.device === 'cdrom';
  const base = {
    id: deviceId(disk.name),
    ...(disk.file === undefined ? {} : { drive: blockNode(disk.name) }),
    ...(disk.serial === undefined ? {} : { serial: disk.serial }),
    ...(cdrom ? {} : onError[disk.errorPolicy ?? 'stop']),
    ...(cdrom ? {} : blocksOf(disk)),
  };
  const place = disk.place ?? 0;
  switch (disk.bus) {
    case 'virtio':
      // QEMU's own choice follows the number of processors, which differs after some were plugged in.
      return { ...base, driver: 'virtio-blk-pci', bus: `rp${place}`, 'num-queues': 1 };
    case 'scsi':
      return { ...base, driver: cdrom ? 'scsi-cd' : 'scsi-hd', bus: 'scsi0.0', lun: place };
    case 'sata':
      return { ...base, driver: cdrom ? 'ide-cd' : 'ide-hd', bus: `ide.${place}` };
    case 'usb':
      return { ...base, driver: 'usb-storage', bus: 'usb.0', removable: false };
  }
}
