export type DiskKind = 'disk' | 'cdrom' | 'lun';
export type DiskBus = 'virtio' | 'scsi' | 'sata' | 'usb';

/** Buses of disks that a running guest can be given (KubeVirt pkg/storage/admitters at d923fdb). */
export const hotplugBuses: readonly DiskBus[] = ['virtio', 'scsi'];

/** CD-ROMs have no virtio, LUNs need scsi. */
export function busesOf(kind: DiskKind): readonly DiskBus[] {
  if (kind === 'cdrom') return ['sata', 'scsi'];
  if (kind === 'lun') return ['scsi'];
  return ['virtio', 'scsi', 'sata', 'usb'];
}
