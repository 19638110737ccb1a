import type { V1Disk, V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type Cause, invalid, notSupported } from './Cause.ts';
import { dnsLabelProblem } from './dnsLabel.ts';

const buses = ['virtio', 'scsi', 'sata', 'usb'];
const errorPolicies = ['stop', 'ignore', 'report', 'enospace'];

/** Rules 31 to 45 of the catalogue (SADM/disks.go, d923fdb). */
export function validateDisks(path: string, spec: V1VirtualMachineInstanceSpec): Cause[] {
  const disks = spec.domain.devices.disks ?? [];
  const base = `${path}.domain.devices.disks`;
  return [
    ...disks.flatMap((disk, index) => validateDisk(`${base}[${index}]`, disk)),
    ...validateNames(base, disks),
    ...validateVolumeOfDisk(base, spec),
    ...validateBootOrder(path, spec),
  ];
}

function validateDisk(field: string, disk: V1Disk): Cause[] {
  const causes: Cause[] = [];
  const targets = Object.entries({ disk: disk.disk, cdrom: disk.cdrom, lun: disk.lun }).filter(
    ([, target]) => target !== undefined,
  );
  if (targets.length > 1) {
    causes.push(invalid(field, `${field} can only have a single target type defined`));
  }
  const problem = dnsLabelProblem(disk.name);
  if (problem) causes.push(invalid(`${field}.name`, problem));
  for (const [type, target] of targets) causes.push(...validateBus(field, type, target?.bus));
  if (disk.disk?.bus === 'sata' && disk.disk.readonly === true) {
    causes.push(invalid(`${field}.disk.bus`, 'sata hard-disks do not support read-only.'));
  }
  if (disk.bootOrder !== undefined && disk.bootOrder < 1) {
    causes.push(
      invalid(`${field}.bootOrder`, `${field}.bootOrder must have a boot order > 0, if supplied`),
    );
  }
  if (disk.cache && !['none', 'writethrough', 'writeback'].includes(disk.cache)) {
    causes.push(invalid(`${field}.cache`, `${field}.cache has invalid value ${disk.cache}`));
  }
  if (disk.errorPolicy && !errorPolicies.includes(disk.errorPolicy)) {
    const path = `${field}.errorPolicy`;
    causes.push(invalid(path, `${path} has invalid value ${disk.errorPolicy}`));
  }
  if (disk.io && !['native', 'threads'].includes(disk.io)) {
    causes.push(
      notSupported(
        `${field}.io`,
        `Disk IO mode for ${field} is not supported. Supported modes are: native, threads.`,
      ),
    );
  }
  return [
    ...causes,
    ...validateSerial(field, disk.serial),
    ...validateBlockSize(`${field}.blockSize`, disk.blockSize),
  ];
}

const smallestBlock = 512;
const largestBlock = 2 ** 21;

/** Rule 45. */
function validateBlockSize(field: string, size: V1Disk['blockSize']): Cause[] {
  const custom = size?.custom;
  if (!custom) return [];
  if (size.matchVolume && size.matchVolume.enabled !== false)
    return [invalid(field, "Block size matching can't be enabled together with a custom value")];
  const { logical = 0, physical = 0 } = custom;
  const sizes = { logical, physical };
  if (logical > physical) {
    const message = `Logical size ${logical} must be the same or less than the physical size of ${physical}`;
    return [invalid(`${field}.custom.logical`, message)];
  }
  return (['logical', 'physical'] as const).flatMap((kind) => {
    const problem = blockSizeProblem(sizes[kind]);
    return problem ? [invalid(`${field}.custom.${kind}`, problem)] : [];
  });
}

function blockSizeProblem(size: number): string | undefined {
  const provided = `Provided size of ${size} is`;
  if (size < smallestBlock)
    return `${provided} less than the supported minimum size of ${smallestBlock}`;
  if (size > largestBlock)
    return `${provided} greater than the supported maximum size of ${largestBlock}`;
  return Number.isInteger(Math.log2(size)) ? undefined : `${provided} not a power of 2`;
}

function validateSerial(field: string, serial: string | undefined): Cause[] {
  if (!serial) return [];
  const path = `${field}.serial`;
  if (serial.length > 256) {
    return [invalid(path, `${path} must be less than or equal to 256 in length, if specified`)];
  }
  if (/^[A-Za-z0-9_.+-]+$/.test(serial)) return [];
  return [
    invalid(
      path,
      `${path} must be made up of the following characters [A-Za-z0-9_.+-], if specified`,
    ),
  ];
}

function validateBus(field: string, type: string, bus: string | undefined): Cause[] {
  const path = `${field}.${type}.bus`;
  if (!bus) return [];
  if (bus === 'ide') return [notSupported(path, 'IDE bus is not supported')];
  if (type === 'cdrom' && bus === 'virtio') {
    return [invalid(path, 'Bus type virtio is invalid for CD-ROM device')];
  }
  if (buses.includes(bus)) return [];
  return [
    invalid(
      path,
      `${field} is set with an unrecognized bus ${bus}, must be one of: [${buses.join(' ')}]`,
    ),
  ];
}

function validateNames(base: string, disks: V1Disk[]): Cause[] {
  return disks.flatMap((disk, index) => {
    const first = disks.findIndex((other) => other.name === disk.name);
    if (first === index) return [];
    return [
      invalid(
        `${base}[${index}].name`,
        `${base}[${first}] and ${base}[${index}] must not have the same Name.`,
      ),
    ];
  });
}

function validateVolumeOfDisk(base: string, spec: V1VirtualMachineInstanceSpec): Cause[] {
  return (spec.domain.devices.disks ?? []).flatMap((disk, index) => {
    const volume = spec.volumes?.find(({ name }) => name === disk.name);
    if (!volume && !disk.cdrom) {
      return [
        invalid(`${base}[${index}].name`, `${base}[${index}].Name '${disk.name}' not found.`),
      ];
    }
    if (disk.lun && volume && !volume.dataVolume && !volume.persistentVolumeClaim) {
      return [
        invalid(
          `${base}[${index}].lun`,
          `${base}[${index}].lun can only be mapped to a DataVolume or PersistentVolumeClaim volume.`,
        ),
      ];
    }
    return [];
  });
}

function validateBootOrder(path: string, spec: V1VirtualMachineInstanceSpec): Cause[] {
  const devices = spec.domain.devices;
  const ordered = [
    ...(devices.disks ?? []).map(({ bootOrder }, index) => ({
      bootOrder,
      field: `${path}.domain.devices.disks[${index}].bootOrder`,
    })),
    ...(devices.interfaces ?? []).map(({ bootOrder }, index) => ({
      bootOrder,
      field: `${path}.domain.devices.interfaces[${index}].bootOrder`,
    })),
  ].filter(({ bootOrder }) => bootOrder !== undefined);
  return ordered.flatMap(({ bootOrder, field }, index) =>
    ordered.findIndex((other) => other.bootOrder === bootOrder) === index
      ? []
      : [invalid(field, `Boot order for ${field} already set for a different device.`)],
  );
}
