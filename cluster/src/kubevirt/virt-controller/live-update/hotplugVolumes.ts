import type { V1Volume } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VirtualMachineInstance } from '../../resources.ts';

type Spec = VirtualMachineInstance['spec'];

/** May the volume come and go while the guest runs? */
export const isHotpluggable = ({ dataVolume, persistentVolumeClaim }: V1Volume) =>
  (dataVolume ?? persistentVolumeClaim)?.hotpluggable === true;

/**
 * The spec of an instance with the hot-pluggable volumes that its VM has now, and their disks
 * (pkg/storage/hotplug/declarative.go, d923fdb). A CD-ROM drive stays where it is.
 */
export function hotplugged(spec: Spec, wanted: Spec): Spec {
  const stay = (spec.volumes ?? []).filter((volume) => !isHotpluggable(volume));
  const come = (wanted.volumes ?? []).filter(isHotpluggable);
  const gone = new Set(
    (spec.volumes ?? [])
      .filter((volume) => isHotpluggable(volume) && !come.some(({ name }) => name === volume.name))
      .map(({ name }) => name),
  );
  const disks = (spec.domain.devices.disks ?? []).filter(
    ({ name, cdrom }) => cdrom !== undefined || !gone.has(name),
  );
  const added = (wanted.domain.devices.disks ?? []).filter(
    ({ name }) =>
      come.some((volume) => volume.name === name) && !disks.some((disk) => disk.name === name),
  );
  if (come.length === 0 && gone.size === 0 && added.length === 0) return spec;
  return {
    ...spec,
    volumes: [...stay, ...come],
    domain: {
      ...spec.domain,
      devices: { ...spec.domain.devices, disks: [...disks, ...added.map(withBus)] },
    },
  };
}

/** Disks that are plugged in are SCSI unless they say otherwise. */
function withBus(disk: NonNullable<Spec['domain']['devices']['disks']>[number]) {
  if (disk.disk && !disk.disk.bus) return { ...disk, disk: { ...disk.disk, bus: 'scsi' } };
  return (disk.disk ?? disk.lun ?? disk.cdrom) ? disk : { ...disk, disk: { bus: 'scsi' } };
}
