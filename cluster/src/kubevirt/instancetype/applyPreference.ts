import type {
  V1Devices,
  V1Disk,
  V1VirtualMachineInstanceSpec,
  V1beta1DevicePreferences,
  V1beta1FeaturePreferences,
  V1beta1FirmwarePreferences,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Annotated } from './applyInstancetype.ts';
import type { PreferenceSpec } from './resources.ts';

type Spec = V1VirtualMachineInstanceSpec;

/**
 * Fills what a guest's spec leaves open with what a preference prefers, in place.
 * KubeVirt: pkg/instancetype/preference/apply (d923fdb).
 */
export function applyPreference(spec: Spec, metadata: Annotated, preference: PreferenceSpec): void {
  const { domain } = spec;
  const features = preference.cpu?.preferredCPUFeatures ?? [];
  if (features.length > 0) {
    const named = new Set(domain.cpu?.features?.map(({ name }) => name));
    const added = features.filter(({ name }) => !named.has(name));
    domain.cpu = { ...domain.cpu, features: [...(domain.cpu?.features ?? []), ...added] };
  }
  if (preference.devices) applyDevices(spec, preference.devices);
  if (preference.features) applyFeatures(spec, preference.features);
  if (preference.firmware) applyFirmware(spec, preference.firmware);
  const machine = preference.machine?.preferredMachineType;
  if (machine && !domain.machine?.type) domain.machine = { ...domain.machine, type: machine };
  applyClock(spec, preference);
  if (!spec.subdomain && preference.preferredSubdomain !== undefined) {
    spec.subdomain = preference.preferredSubdomain;
  }
  if (preference.preferredTerminationGracePeriodSeconds !== undefined) {
    spec.terminationGracePeriodSeconds ??= preference.preferredTerminationGracePeriodSeconds;
  }
  applyArchitecture(spec, preference);
  metadata.annotations = { ...preference.annotations, ...metadata.annotations };
}

/** virt-api writes it into the VM itself, before its own default. */
export function applyArchitecture(spec: Spec, preference: PreferenceSpec | undefined): void {
  if (preference?.preferredArchitecture && !spec.architecture) {
    spec.architecture = preference.preferredArchitecture;
  }
}

const autoattach = [
  ['preferredAutoattachGraphicsDevice', 'autoattachGraphicsDevice'],
  ['preferredAutoattachMemBalloon', 'autoattachMemBalloon'],
  ['preferredAutoattachPodInterface', 'autoattachPodInterface'],
  ['preferredAutoattachSerialConsole', 'autoattachSerialConsole'],
  ['preferredAutoattachInputDevice', 'autoattachInputDevice'],
] as const;

/** Also done by itself before default networks and inputs are made, which depend on it. */
export function applyAutoattach(devices: V1Devices, preferred: V1beta1DevicePreferences): void {
  for (const [preference, field] of autoattach) {
    const value = preferred[preference];
    if (value !== undefined) devices[field] ??= value;
  }
}

function applyDevices(spec: Spec, preferred: V1beta1DevicePreferences): void {
  const { devices } = spec.domain;
  const flags = [
    ['preferredUseVirtioTransitional', 'useVirtioTransitional'],
    ['preferredBlockMultiQueue', 'blockMultiQueue'],
    ['preferredNetworkInterfaceMultiQueue', 'networkInterfaceMultiqueue'],
  ] as const;
  for (const [preference, field] of flags) {
    const value = preferred[preference];
    if (value !== undefined) devices[field] ??= value;
  }
  // A field that cannot be absent there: the preference wins.
  if (preferred.preferredDisableHotplug !== undefined) {
    devices.disableHotplug = preferred.preferredDisableHotplug;
  }
  if (devices.sound && preferred.preferredSoundModel) {
    devices.sound.model ??= preferred.preferredSoundModel;
  }
  if (preferred.preferredRng) devices.rng ??= structuredClone(preferred.preferredRng);
  if (preferred.preferredTPM) devices.tpm ??= structuredClone(preferred.preferredTPM);
  if (preferred.preferredVideoType !== undefined) {
    devices.video = { type: preferred.preferredVideoType, ...devices.video };
  }
  applyAutoattach(devices, preferred);
  for (const disk of devices.disks ?? []) applyDisk(disk, preferred);
  applyInterfaces(spec, preferred);
  for (const input of devices.inputs ?? []) {
    if (preferred.preferredInputBus && !input.bus) input.bus = preferred.preferredInputBus;
    if (preferred.preferredInputType && !input.type) input.type = preferred.preferredInputType;
  }
  const panic = preferred.preferredPanicDeviceModel;
  if (panic === undefined) return;
  if (!devices.panicDevices?.length) devices.panicDevices = [{ model: panic }];
  else for (const device of devices.panicDevices) device.model ??= panic;
}

function applyDisk(disk: V1Disk, preferred: V1beta1DevicePreferences): void {
  if (!disk.disk && !disk.cdrom && !disk.lun) disk.disk = {};
  if (disk.disk) {
    if (preferred.preferredDiskBus && !disk.disk.bus) disk.disk.bus = preferred.preferredDiskBus;
    if (preferred.preferredDiskBlockSize) {
      disk.blockSize ??= structuredClone(preferred.preferredDiskBlockSize);
    }
    if (preferred.preferredDiskCache && !disk.cache) disk.cache = preferred.preferredDiskCache;
    if (preferred.preferredDiskIO && !disk.io) disk.io = preferred.preferredDiskIO;
    if (preferred.preferredDiskDedicatedIoThread !== undefined && disk.disk.bus === 'virtio') {
      disk.dedicatedIOThread ??= preferred.preferredDiskDedicatedIoThread;
    }
  } else if (disk.cdrom) {
    if (preferred.preferredCdromBus && !disk.cdrom.bus)
      disk.cdrom.bus = preferred.preferredCdromBus;
  } else if (disk.lun && preferred.preferredLunBus && !disk.lun.bus) {
    disk.lun.bus = preferred.preferredLunBus;
  }
}

const bindings = ['bridge', 'masquerade', 'sriov', 'passtBinding', 'binding', 'slirp', 'macvtap'];

function applyInterfaces(spec: Spec, preferred: V1beta1DevicePreferences): void {
  for (const nic of spec.domain.devices.interfaces ?? []) {
    if (preferred.preferredInterfaceModel && !nic.model) {
      nic.model = preferred.preferredInterfaceModel;
    }
    const onPodNetwork = spec.networks?.some(({ name, pod }) => name === nic.name && pod);
    const bound = Object.keys(nic).some((key) => bindings.includes(key));
    if (preferred.preferredInterfaceMasquerade && onPodNetwork && !bound) {
      nic.masquerade = structuredClone(preferred.preferredInterfaceMasquerade);
    }
  }
}

function applyFeatures({ domain }: Spec, preferred: V1beta1FeaturePreferences): void {
  const features = { ...domain.features };
  // A field that cannot be absent there: the preference wins.
  if (preferred.preferredAcpi) features.acpi = { ...preferred.preferredAcpi };
  if (preferred.preferredApic) features.apic ??= { ...preferred.preferredApic };
  if (preferred.preferredHyperv) {
    features.hyperv = { ...structuredClone(preferred.preferredHyperv), ...features.hyperv };
  }
  if (preferred.preferredKvm) features.kvm ??= { ...preferred.preferredKvm };
  if (preferred.preferredPvspinlock) features.pvspinlock ??= { ...preferred.preferredPvspinlock };
  if (preferred.preferredSmm) features.smm ??= { ...preferred.preferredSmm };
  domain.features = features;
}

function applyFirmware({ domain }: Spec, preferred: V1beta1FirmwarePreferences): void {
  const bootloader = { ...domain.firmware?.bootloader };
  domain.firmware = { ...domain.firmware, bootloader };
  if (preferred.preferredUseBios && !bootloader.bios && !bootloader.efi) bootloader.bios = {};
  if (bootloader.bios && preferred.preferredUseBiosSerial !== undefined) {
    bootloader.bios.useSerial ??= preferred.preferredUseBiosSerial;
  }
  if (preferred.preferredEfi && !bootloader.efi && !bootloader.bios) {
    bootloader.efi = { ...preferred.preferredEfi };
    return;
  }
  if (preferred.preferredUseEfi && !bootloader.efi && !bootloader.bios) bootloader.efi = {};
  if (bootloader.efi && preferred.preferredUseSecureBoot !== undefined) {
    bootloader.efi.secureBoot ??= preferred.preferredUseSecureBoot;
  }
}

function applyClock({ domain }: Spec, { clock: preferred }: PreferenceSpec): void {
  if (!preferred) return;
  const clock = { ...domain.clock };
  if (preferred.preferredClockOffset && !clock.utc && clock.timezone === undefined) {
    Object.assign(clock, structuredClone(preferred.preferredClockOffset));
  }
  if (preferred.preferredTimer) clock.timer ??= structuredClone(preferred.preferredTimer);
  domain.clock = clock;
}
