import type {
  V1VirtualMachine,
  V1VirtualMachineInstanceSpec,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { toDisk, toTemplate, toVolume } from '~/kubevirt/create/draftDisk';
import { type DraftDisk, isMade } from '~/kubevirt/create/vmDraft';
import { busesOf, type DiskBus, hotplugBuses } from '~/kubevirt/diskKinds';
import { editVm } from '~/kubevirt/editVm';

/**
 * The name of the DataVolume that a new disk of a VM gets. A template whose DataVolume is there already would bring
 * back what was on it, as after a disk of that name was detached.
 */
function dataVolumeName(
  vm: V1VirtualMachine,
  disk: string,
  takenClaims: readonly string[],
): string {
  const stem = `${vm.metadata?.name ?? ''}-${disk}`;
  const templates = vm.spec.dataVolumeTemplates?.map(({ metadata }) => metadata?.name) ?? [];
  const isTaken = (name: string) => takenClaims.includes(name) || templates.includes(name);
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? stem : `${stem}-${number}`;
    if (!isTaken(name)) return name;
  }
}

/** Marked so, a volume comes to a guest that runs, and may go from it. */
function asHotpluggable(volume: V1Volume): V1Volume {
  const { dataVolume, persistentVolumeClaim } = volume;
  return {
    ...volume,
    ...(dataVolume && { dataVolume: { ...dataVolume, hotpluggable: true } }),
    ...(persistentVolumeClaim && {
      persistentVolumeClaim: { ...persistentVolumeClaim, hotpluggable: true },
    }),
  };
}

/**
 * Adds a disk. New DataVolumes become templates of the VM, so that they belong to it and are made
 * before it starts, or at once while it runs. `takenClaims` are the names of claims in its project.
 */
export function diskAdd(
  vm: V1VirtualMachine,
  disk: DraftDisk,
  takenClaims: readonly string[],
): V1VirtualMachine {
  const dataVolume = dataVolumeName(vm, disk.name, takenClaims);
  return editVm(vm, (draft, spec) => {
    spec.domain.devices.disks ??= [];
    spec.domain.devices.disks.push(toDisk(disk, false));
    addVolume(draft, spec, disk, dataVolume);
  });
}

function addVolume(
  draft: V1VirtualMachine,
  spec: V1VirtualMachineInstanceSpec,
  disk: DraftDisk,
  dataVolume: string,
): void {
  const volume = toVolume(disk, dataVolume);
  const isPlugged = disk.kind === 'cdrom' || disk.bus === '' || hotplugBuses.includes(disk.bus);
  if (volume) {
    spec.volumes = [...(spec.volumes ?? []), isPlugged ? asHotpluggable(volume) : volume];
  }
  if (!isMade(disk)) return;
  draft.spec.dataVolumeTemplates = [
    ...(draft.spec.dataVolumeTemplates ?? []),
    toTemplate(disk, dataVolume),
  ];
}

/** What can be changed of a disk that is there. */
export interface DiskChange {
  bus: DiskBus;
  /** Empty for the default. */
  cache: string;
  serial: string;
  isShareable: boolean;
}

export function readDisk(vm: V1VirtualMachine, name: string): DiskChange {
  const disk = vm.spec.template.spec?.domain.devices.disks?.find((one) => one.name === name);
  const bus = (disk?.cdrom ?? disk?.lun ?? disk?.disk)?.bus;
  return {
    bus: busesOf('disk').find((one) => one === bus) ?? 'sata',
    cache: disk?.cache ?? '',
    serial: disk?.serial ?? '',
    isShareable: disk?.shareable === true,
  };
}

export function diskChange(
  vm: V1VirtualMachine,
  name: string,
  { bus, cache, serial, isShareable }: DiskChange,
): V1VirtualMachine {
  const now = readDisk(vm, name);
  return editVm(vm, (_draft, { domain }) => {
    const disk = domain.devices.disks?.find((one) => one.name === name);
    if (disk === undefined) return;
    if (bus !== now.bus) {
      const device = disk.cdrom ?? disk.lun ?? (disk.disk ??= {});
      device.bus = bus;
    }
    if (cache === '') delete disk.cache;
    else disk.cache = cache;
    if (serial === '') delete disk.serial;
    else disk.serial = serial;
    if (isShareable) disk.shareable = true;
    else if (now.isShareable) delete disk.shareable;
  });
}

/** Takes a disk out of the VM; what is behind it stays. Its DataVolume is no longer a part of the VM. */
export function diskDetach(vm: V1VirtualMachine, name: string): V1VirtualMachine {
  return editVm(vm, (draft, spec) => {
    const volume = spec.volumes?.find((one) => one.name === name);
    spec.domain.devices.disks = spec.domain.devices.disks?.filter((one) => one.name !== name) ?? [];
    spec.volumes = spec.volumes?.filter((one) => one.name !== name) ?? [];
    dropTemplate(draft, volume);
  });
}

/** A template without a volume is refused (KubeVirt pkg/virt-api/webhooks at d923fdb). */
function dropTemplate(draft: V1VirtualMachine, volume: V1Volume | undefined): void {
  const name = volume?.dataVolume?.name;
  if (name === undefined || draft.spec.dataVolumeTemplates === undefined) return;
  draft.spec.dataVolumeTemplates = draft.spec.dataVolumeTemplates.filter(
    (one) => one.metadata?.name !== name,
  );
}

/** Takes the medium out of a CD-ROM drive; the drive stays. */
export function mediumEject(vm: V1VirtualMachine, name: string): V1VirtualMachine {
  return editVm(vm, (draft, spec) => {
    const volume = spec.volumes?.find((one) => one.name === name);
    spec.volumes = spec.volumes?.filter((one) => one.name !== name) ?? [];
    dropTemplate(draft, volume);
  });
}

/** Puts a medium into the empty CD-ROM drive of its name; as with `diskAdd`, a new volume is one of the VM. */
export function mediumInsert(
  vm: V1VirtualMachine,
  medium: DraftDisk,
  takenClaims: readonly string[],
): V1VirtualMachine {
  const dataVolume = dataVolumeName(vm, medium.name, takenClaims);
  return editVm(vm, (draft, spec) => addVolume(draft, spec, medium, dataVolume));
}

/** Of disks and interfaces. */
export function deviceNames(vm: V1VirtualMachine): string[] {
  const { disks = [], interfaces = [] } = vm.spec.template.spec?.domain.devices ?? {};
  return [...disks, ...interfaces].map(({ name }) => name);
}

/** A name for a new disk or interface that no other has. */
export function freeName(vm: V1VirtualMachine, stem: string): string {
  const taken = new Set(deviceNames(vm));
  for (let number = 1; ; number += 1) {
    if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
  }
}
