import { ApplianceError } from '~/kubevirt/create/appliance/ApplianceError';
import {
  childOf,
  childrenOf,
  everywhere,
  readXml,
  textOf,
  type XmlElement,
} from '~/kubevirt/create/appliance/readXml';

/** A file that an OVF names. */
export interface OvfFile {
  name: string;
  isGzip: boolean;
  /** Of each part, where it is in parts named `name.000000000` and so on. */
  chunkBytes: number | undefined;
}

export interface OvfDisk {
  name: string;
  /** Undefined for an empty disk. */
  file: OvfFile | undefined;
  /** As the guest sees it. */
  bytes: number;
}

export interface OvfNic {
  /** As the OVF calls its network. */
  network: string;
  /** `E1000`, `VmxNet3` ..., or ''. */
  model: string;
}

/** A virtual machine as an OVF describes it. */
export interface Ovf {
  name: string;
  description: string;
  /** The guest system in words; empty when it says nothing. */
  system: string;
  isWindows: boolean;
  cpus: number;
  coresPerSocket: number;
  memoryBytes: number;
  firmware: 'BIOS' | 'UEFI' | 'SecureBoot';
  disks: readonly OvfDisk[];
  nics: readonly OvfNic[];
  /** Further virtual machines in it, which are left out. */
  others: readonly string[];
}

// Kinds of devices of the CIM resource allocation schema (DMTF DSP1043, ResourceType).
const kinds = { cpu: '3', memory: '4', ethernet: '10', disk: '17' } as const;

/**
 * Bytes of an allocation unit: `byte * 2^20` (DMTF DSP0004, annex C), or the words of OVF 0.9. What is
 * not known is one byte.
 */
export function unitBytes(unit: string): number {
  const words: Readonly<Record<string, number>> = {
    kilobytes: 2 ** 10,
    megabytes: 2 ** 20,
    gigabytes: 2 ** 30,
    terabytes: 2 ** 40,
    kb: 2 ** 10,
    mb: 2 ** 20,
    gb: 2 ** 30,
  };
  const word = words[unit.trim().toLowerCase()];
  if (word !== undefined) return word;
  let bytes = 1;
  for (const [, base = '1', exponent = '1'] of unit.matchAll(/\*\s*(\d+)(?:\s*\^\s*(\d+))?/g)) {
    bytes *= Number(base) ** Number(exponent);
  }
  return bytes;
}

function positive(text: string): number | undefined {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Reads an OVF (DMTF DSP0243, versions 0.9 to 2.1, as VMware, VirtualBox and oVirt write it). Throws an ApplianceError. */
export function readOvf(text: string): Ovf {
  const envelope = readXml(text.replace(/^\uFEFF/, ''));
  if (!envelope) throw new ApplianceError('noXml');
  const [system, ...others] = [
    ...everywhere(envelope, 'VirtualSystem'),
    // OVF 0.9.
    ...childrenOf(envelope, 'Content'),
  ];
  if (!system) throw new ApplianceError('noSystem');
  const sections = [...system.children, ...childrenOf(system, 'Section')];
  const hardware = sections.find(
    ({ name, attributes }) =>
      name === 'VirtualHardwareSection' || /VirtualHardwareSection/.test(attributes['type'] ?? ''),
  );
  if (!hardware) throw new ApplianceError('noSystem');
  const items = hardware.children.filter(({ name }) => /Item$/.test(name));
  const ofKind = (kind: string) => items.filter((item) => textOf(item, 'ResourceType') === kind);
  const [cpu] = ofKind(kinds.cpu);
  const [memory] = ofKind(kinds.memory);
  const operating = sections.find(
    ({ name, attributes }) =>
      name === 'OperatingSystemSection' || /OperatingSystemSection/.test(attributes['type'] ?? ''),
  );
  const osType = operating?.attributes['osType'] ?? '';
  const systemText = textOf(operating, 'Description') || osType;
  const product = sections.find(({ name }) => name === 'ProductSection');
  return {
    name: textOf(system, 'Name') || (system.attributes['id'] ?? ''),
    description:
      [textOf(product, 'Product'), textOf(product, 'Version')].filter(Boolean).join(' ') ||
      textOf(
        sections.find(({ name }) => name === 'AnnotationSection'),
        'Annotation',
      ),
    system: systemText,
    isWindows: /windows/i.test(`${osType} ${systemText}`),
    cpus: positive(textOf(cpu, 'VirtualQuantity')) ?? 1,
    coresPerSocket: positive(textOf(cpu, 'CoresPerSocket')) ?? 1,
    memoryBytes: memoryOf(memory),
    firmware: firmwareOf(system),
    disks: disksOf(envelope, ofKind(kinds.disk)),
    nics: ofKind(kinds.ethernet).map((item) => ({
      network: textOf(item, 'Connection'),
      model: textOf(item, 'ResourceSubType'),
    })),
    others: others.map((one) => textOf(one, 'Name') || (one.attributes['id'] ?? '')),
  };
}

function memoryOf(item: XmlElement | undefined): number {
  const unit = textOf(item, 'AllocationUnits') || 'byte * 2^20';
  return (positive(textOf(item, 'VirtualQuantity')) ?? 2048) * unitBytes(unit);
}

/** VMware writes it as configuration of the hardware, VirtualBox in its own description of the machine. */
function firmwareOf(system: XmlElement): Ovf['firmware'] {
  const settings = [...everywhere(system, 'Config'), ...everywhere(system, 'ExtraConfig')];
  const value = (key: string) =>
    settings.find(({ attributes }) => attributes['key']?.toLowerCase() === key.toLowerCase())
      ?.attributes['value'];
  const isSecure = value('bootOptions.efiSecureBootEnabled') === 'true';
  const box = everywhere(system, 'Firmware')[0]?.attributes['type'] ?? '';
  if (value('firmware') === 'efi' || /^efi/i.test(box)) return isSecure ? 'SecureBoot' : 'UEFI';
  return 'BIOS';
}

function disksOf(envelope: XmlElement, items: readonly XmlElement[]): OvfDisk[] {
  const files = childrenOf(childOf(envelope, 'References'), 'File');
  const sections = [
    ...childrenOf(envelope, 'DiskSection'),
    ...childrenOf(envelope, 'Section').filter(({ attributes }) =>
      /DiskSection/.test(attributes['type'] ?? ''),
    ),
  ];
  const disks = sections.flatMap((section) => childrenOf(section, 'Disk'));
  return items.map((item, index) => {
    // `ovf:/disk/vmdisk1`, `/disk/vmdisk1` in OVF 0.9; `ovf:/file/file1` for a file itself.
    const [, what = '', id = ''] = /\/?(disk|file)\/(.+)$/.exec(textOf(item, 'HostResource')) ?? [];
    const disk = disks.find(({ attributes }) => what === 'disk' && attributes['diskId'] === id);
    if (disk?.attributes['parentRef']) throw new ApplianceError('parent', id);
    const fileId = what === 'file' ? id : disk?.attributes['fileRef'];
    const file = files.find(({ attributes }) => attributes['id'] === fileId);
    const capacity = positive(disk?.attributes['capacity'] ?? '') ?? 0;
    return {
      name: textOf(item, 'ElementName') || textOf(item, 'Caption') || `disk ${index + 1}`,
      file: file && fileOf(file),
      bytes: capacity * unitBytes(disk?.attributes['capacityAllocationUnits'] ?? ''),
    };
  });
}

function fileOf({ attributes }: XmlElement): OvfFile {
  const { href: name = '', compression = '', chunkSize = '' } = attributes;
  if (!['', 'identity', 'gzip'].includes(compression)) {
    throw new ApplianceError('compression', name);
  }
  return { name, isGzip: compression === 'gzip', chunkBytes: positive(chunkSize) };
}
