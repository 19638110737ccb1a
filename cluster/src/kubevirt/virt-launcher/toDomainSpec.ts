import { createHash } from 'node:crypto';

import type { V1CPU, V1Disk, V1Interface } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { searchDomains } from '../../cni/pod-network/clusterDns.ts';
import { parseQuantity } from '../../quantity.ts';
import { namedCpuModel } from '../cpuModelLabel.ts';
import { hostnameOf } from '../guestNames.ts';
import { guestMemoryBytes } from '../launcherResources.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import {
  type DomainDisk,
  type DomainInterface,
  type DomainSpec,
  interfaceModels,
} from './GuestRuntime.ts';

/** Ports of a guest that are forwarded when its interface names none: SSH and web. */
const commonPorts = [22, 80, 443];

export interface DomainInput {
  vmi: VirtualMachineInstance;
  /** The loopback address of the launcher pod. */
  address: string;
  /** File of each volume, by its name in the spec. */
  files: ReadonlyMap<string, { path: string; format: 'qcow2' | 'raw' }>;
  /** Segment of each interface that is not on the pod network, by its name. */
  segments: ReadonlyMap<string, NonNullable<DomainInterface['segment']>>;
}

/** Turns a VMI into what a runtime starts: as virt-launcher's converter makes libvirt's domain. */
export function toDomainSpec({ vmi, address, files, segments }: DomainInput): DomainSpec {
  const { domain } = vmi.spec;
  const firmware = domain.firmware;
  const efi = firmware?.bootloader?.efi;
  const memoryBytes = guestMemoryBytes(vmi.spec) ?? 0;
  const maxMemoryBytes = parseQuantity(domain.memory?.maxGuest ?? '') ?? 0;
  return {
    uid: vmi.metadata.uid,
    name: `${vmi.metadata.namespace ?? ''}_${vmi.metadata.name}`,
    hostname: hostnameOf(vmi),
    firmware: {
      uuid: firmware?.uuid ?? vmi.metadata.uid,
      ...(firmware?.serial && { serial: firmware.serial }),
      bootloader: efi ? 'efi' : 'bios',
      secureBoot: efi !== undefined && efi.secureBoot !== false,
    },
    cpu: {
      sockets: domain.cpu?.sockets ?? 1,
      cores: domain.cpu?.cores ?? 1,
      threads: domain.cpu?.threads ?? 1,
      maxSockets: domain.cpu?.maxSockets ?? domain.cpu?.sockets ?? 1,
    },
    ...processorOf(domain.cpu),
    memoryBytes,
    ...(maxMemoryBytes > memoryBytes && { maxMemoryBytes }),
    disks: (domain.devices.disks ?? []).flatMap((disk) =>
      domainDisk(isOfMetrics(vmi, disk) ? readOnlyVirtio(disk) : disk, files),
    ),
    interfaces: (domain.devices.interfaces ?? [])
      .filter(({ state }) => state !== 'absent')
      .map((nic) => domainInterface(nic, { vmi, address, segments })),
    graphics: domain.devices.autoattachGraphicsDevice !== false,
    ...(domain.devices.inputs?.length && {
      inputs: domain.devices.inputs.map(({ name, bus }) => ({
        name,
        bus: bus === 'virtio' ? 'virtio' : 'usb',
      })),
    }),
    ...(domain.devices.watchdog && {
      watchdog: watchdogAction(domain.devices.watchdog.i6300esb?.action),
    }),
    ...(domain.devices.tpm && domain.devices.tpm.enabled !== false && { tpm: true }),
    ...(domain.devices.sound && {
      sound: domain.devices.sound.model === 'ac97' ? 'ac97' : 'ich9',
    }),
    ...(domain.devices.autoattachMemBalloon === false && { balloon: false }),
    ...(domain.devices.downwardMetrics && { downwardMetrics: true as const }),
    ...(domain.devices.clientPassthrough && { usbRedirection: true }),
    serialConsole: domain.devices.autoattachSerialConsole !== false,
    startPaused: vmi.spec.startStrategy === 'Paused',
  };
}

/** KubeVirt: pkg/virt-launcher/virtwrap/converter, and the policies of libvirt's `<feature>`. */
function processorOf(cpu: V1CPU | undefined): Pick<DomainSpec, 'cpuModel' | 'cpuFeatures'> {
  const model = namedCpuModel(cpu);
  const features = (cpu?.features ?? []).map(({ name, policy = 'require' }) => ({
    name,
    on: policy !== 'disable' && policy !== 'forbid',
    required: policy === 'require',
  }));
  return {
    ...(model !== undefined && { cpuModel: model }),
    ...(features.length > 0 && { cpuFeatures: features }),
  };
}

const isOfMetrics = ({ spec }: VirtualMachineInstance, { name }: V1Disk) =>
  spec.volumes?.some((volume) => volume.name === name && volume.downwardMetrics) ?? false;

/** A disk of downward metrics is one whatever its bus (pkg/virt-launcher/virtwrap/converter, d923fdb). */
const readOnlyVirtio = (disk: V1Disk): V1Disk => ({
  ...disk,
  disk: { ...disk.disk, bus: 'virtio', readonly: true },
});

export function domainDisk(disk: V1Disk, files: DomainInput['files']): DomainDisk[] {
  const file = files.get(disk.name);
  // A CD-ROM without a volume is an empty drive.
  if (!file && !disk.cdrom) return [];
  const device = disk.cdrom ? 'cdrom' : disk.lun ? 'lun' : 'disk';
  const target = disk.cdrom ?? disk.lun ?? disk.disk;
  return [
    {
      name: disk.name,
      ...(file && { file }),
      device,
      bus: busOf(target?.bus),
      readOnly: device === 'cdrom' || target?.readonly === true,
      ...(disk.bootOrder !== undefined && { bootOrder: disk.bootOrder }),
      ...(disk.serial && { serial: disk.serial }),
      ...blockSizeOf(disk),
      ...(disk.cache === 'writethrough' && { writeThrough: true as const }),
      ...errorPolicyOf(disk),
    },
  ];
}

function blockSizeOf({ blockSize }: V1Disk): Pick<DomainDisk, 'blockSize'> {
  const { logical, physical } = blockSize?.custom ?? {};
  return logical && physical ? { blockSize: { logical, physical } } : {};
}

function errorPolicyOf({ errorPolicy }: V1Disk): Pick<DomainDisk, 'errorPolicy'> {
  const known = (['ignore', 'report', 'enospace'] as const).find((one) => one === errorPolicy);
  return known ? { errorPolicy: known } : {};
}

function watchdogAction(action: string | undefined): NonNullable<DomainSpec['watchdog']> {
  return action === 'poweroff' || action === 'shutdown' ? action : 'reset';
}

function busOf(bus: string | undefined): DomainDisk['bus'] {
  return bus === 'virtio' || bus === 'scsi' || bus === 'usb' ? bus : 'sata';
}

/** The interface of a domain that the VMI's spec asks for. */
export function domainInterface(
  nic: V1Interface,
  { vmi, address, segments }: Omit<DomainInput, 'files'>,
): DomainInterface {
  const segment = segments.get(nic.name);
  const ports = nic.ports?.filter(({ protocol }) => protocol !== 'UDP').map(({ port }) => port);
  const isListed = ports !== undefined && nic.ports?.length !== 0;
  return {
    name: nic.name,
    mac: macOf(vmi, nic),
    model: interfaceModels.find((model) => model === nic.model) ?? 'virtio',
    address,
    ...(segment
      ? { segment }
      : {
          routed: {
            ...(isListed && { onlyPorts: ports }),
            searchDomains: searchDomains(vmi.metadata.namespace ?? ''),
          },
        }),
    ...(nic.bootOrder !== undefined && { bootOrder: nic.bootOrder }),
    ...(nic.state === 'down' && { linkUp: false }),
    ports: isListed ? ports : commonPorts,
  };
}

/**
 * The hardware address of an interface as QEMU and the guest write it: the one that its spec names, else one
 * that is the same at each start of the same VM and not that of another (made from its firmware's UUID).
 */
export function macOf({ spec, metadata }: VirtualMachineInstance, nic: V1Interface): string {
  const { macAddress, name } = nic;
  if (macAddress) return macAddress.toLowerCase().replaceAll('-', ':');
  return generatedMac(spec.domain.firmware?.uuid ?? metadata.uid, name);
}

/** That of an interface without one in its spec; `seed` is the UUID of the VM's firmware. */
export function generatedMac(seed: string, name: string): string {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest();
  const octets = [...digest.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0'));
  return ['02', ...octets].join(':');
}
