import { type Amount, toAmount } from '~/kubevirt/create/amount';
import type { NewObject } from '~/kubevirt/create/NewObject';
import type { DraftRule, DraftToleration } from '~/kubevirt/create/placement';
import type { DiskBus, DiskKind } from '~/kubevirt/diskKinds';
import type { RunStrategy } from '~/kubevirt/vmCan';
import type { ServiceType } from '~/kubevirt/vmService';

/** Where the content of a disk comes from. All but the last six become a DataVolume of the VM. */
export type DraftSource =
  | { kind: 'dataSource'; namespace: string; name: string }
  | { kind: 'url'; url: string }
  | { kind: 'registry'; url: string }
  | { kind: 'clone'; namespace: string; name: string }
  | { kind: 'snapshot'; namespace: string; name: string }
  | { kind: 'blank' }
  /** A DataVolume that is there, or is being uploaded: it is used as it is. */
  | { kind: 'dataVolume'; name: string }
  /** A claim that is there: it is used as it is. */
  | { kind: 'claim'; name: string }
  | { kind: 'containerDisk'; image: string }
  /** Keys of an object as files of a small disk. */
  | { kind: 'configMap'; name: string }
  | { kind: 'secret'; name: string }
  /** An empty CD-ROM drive. */
  | { kind: 'none' };

export const diskCaches = ['none', 'writethrough', 'writeback'] as const;
export type DiskCache = '' | (typeof diskCaches)[number];

export interface DraftDisk {
  name: string;
  source: DraftSource;
  size: Amount;
  /** Empty for the default class. */
  storageClass: string;
  /** Empty for what the class's StorageProfile has. */
  accessMode: '' | 'ReadWriteOnce' | 'ReadWriteMany' | 'ReadOnlyMany';
  volumeMode: '' | 'Filesystem' | 'Block';
  kind: DiskKind;
  /** Empty for what the preference has. */
  bus: '' | DiskBus;
  /** Empty for what suits the volume. */
  cache: DiskCache;
  /** 1 is first; undefined takes no part. */
  bootOrder: number | undefined;
}

/** The last is the binding plugin of the primary user-defined network of a project (OVN-Kubernetes). */
export const draftBindings = ['masquerade', 'bridge', 'sriov', 'l2bridge'] as const;
export type DraftBinding = (typeof draftBindings)[number];

export interface DraftNic {
  name: string;
  /** `pod`, or the NetworkAttachmentDefinition as `name` or `namespace/name`. */
  network: string;
  binding: DraftBinding;
  /** Empty for what the preference has. */
  model: string;
  /** Empty to have one chosen. */
  mac: string;
  /** Else its cable is pulled. */
  isLinkUp: boolean;
  /** 1 is first: it boots from the network; undefined takes no part. */
  bootOrder: number | undefined;
}

/** A port of the guest that is opened by a Service made along. */
export interface DraftService {
  port: number | undefined;
  type: ServiceType;
}

/** A device of the nodes that the guest gets for itself. */
export interface DraftDevice {
  kind: 'gpu' | 'hostDevice';
  name: string;
  /** Of the resource that nodes offer: `nvidia.com/A100`. */
  deviceName: string;
}

/** The answers of a Windows installation: of an object that is there, or typed into a Secret made along. */
export interface DraftSysprep {
  kind: '' | 'ConfigMap' | 'Secret' | 'typed';
  /** Of the object. */
  name: string;
  /** unattend.xml, when it is typed. */
  text: string;
}

/** A VM, or a snapshot of one, that is copied instead of all that a draft has else. */
export interface DraftCopy {
  kind: 'VirtualMachine' | 'VirtualMachineSnapshot';
  name: string;
  /** Let the copy run as soon as it is there. */
  start: boolean;
  /** In place of what the source has; undefined leaves it. */
  cores: number | undefined;
  memory: Amount | undefined;
}

/** A template whose parameters are being filled in; taken over, it becomes the draft. */
export interface DraftTemplate {
  kind: 'VirtualMachineTemplate' | 'Template';
  namespace: string;
  name: string;
  values: Readonly<Record<string, string>>;
}

export interface TypeRef {
  kind: string;
  name: string;
}

/** CPU and memory: of an instance type, or the VM's own. */
export type DraftCompute = { kind: 'instancetype'; type: TypeRef } | CustomCompute;

export interface CustomCompute {
  kind: 'custom';
  sockets: number;
  cores: number;
  threads: number;
  memory: Amount;
  /** As far as a running guest can be grown; undefined for what the cluster has. */
  maxSockets: number | undefined;
  maxMemory: Amount | undefined;
  /** Its CPUs are those of the node, shared with nobody. */
  isDedicated: boolean;
  hugepages: '' | '2Mi' | '1Gi';
}

/** Everything that is asked for before a VM is created: it mirrors the screen, and is plain JSON. */
export interface VmDraft {
  /** With several VMs a pattern: `{n}` is the number, which else comes at the end. */
  name: string;
  count: number;
  namespace: string;
  description: string;
  /** Of the VM itself; a template leaves its mark there. */
  labels: Readonly<Record<string, string>>;
  /** Of its instances and pods: placement rules and Services find them by these. */
  instanceLabels: readonly (readonly [key: string, value: string])[];
  compute: DraftCompute;
  devices: readonly DraftDevice[];
  preference: TypeRef | undefined;
  firmware: '' | 'BIOS' | 'UEFI' | 'SecureBoot';
  disks: readonly DraftDisk[];
  nics: readonly DraftNic[];
  services: readonly DraftService[];
  /** Cloud-init, as the guest reads it; empty for none. */
  userData: string;
  networkData: string;
  /** A Secret with public SSH keys; empty for none. */
  sshSecret: string;
  sysprep: DraftSysprep;
  runStrategy: RunStrategy;
  /** Empty for the cluster's own. */
  evictionStrategy: string;
  nodeSelector: readonly (readonly [key: string, value: string])[];
  rules: readonly DraftRule[];
  tolerations: readonly DraftToleration[];
  priorityClass: string;
  /** Written by hand it takes the place of all above but the project. */
  yaml: string | undefined;
  copy: DraftCopy | undefined;
  template: DraftTemplate | undefined;
  /** What a template makes beside the VM. */
  also: readonly NewObject[];
}

export const rootDisk = 'rootdisk';

export function diskDraft(name: string, source: DraftSource, bytes = 10 * 2 ** 30): DraftDisk {
  return {
    name,
    source,
    size: toAmount(bytes),
    storageClass: '',
    accessMode: '',
    volumeMode: '',
    kind: 'disk',
    bus: '',
    cache: '',
    bootOrder: undefined,
  };
}

/** Masquerade is the binding that every cluster permits on the pod network. */
export const podNic: DraftNic = {
  name: 'default',
  network: 'pod',
  binding: 'masquerade',
  model: '',
  mac: '',
  isLinkUp: true,
  bootOrder: undefined,
};

export const noSysprep: DraftSysprep = { kind: '', name: '', text: '' };

/** Suits what people install. */
export const customCompute: CustomCompute = {
  kind: 'custom',
  sockets: 1,
  cores: 1,
  threads: 1,
  memory: toAmount(2 * 2 ** 30),
  maxSockets: undefined,
  maxMemory: undefined,
  isDedicated: false,
  hugepages: '',
};

/** What a wizard begins with, before a boot source is known. */
export function newDraft(name: string, namespace: string): VmDraft {
  return {
    name,
    count: 1,
    namespace,
    description: '',
    labels: {},
    instanceLabels: [],
    compute: customCompute,
    devices: [],
    preference: undefined,
    firmware: '',
    disks: [diskDraft(rootDisk, { kind: 'blank' })],
    nics: [podNic],
    services: [],
    userData: '',
    networkData: '',
    sshSecret: '',
    sysprep: noSysprep,
    runStrategy: 'Always',
    evictionStrategy: '',
    nodeSelector: [],
    ...{ rules: [], tolerations: [] },
    priorityClass: '',
    yaml: undefined,
    ...{ copy: undefined, template: undefined, also: [] },
  };
}

/** As many VMs as are made at once at most: each is a request, and all are undone when one fails. */
export const maxCount = 50;

/** The names of the VMs: `web-1`, `web-2` ... */
export function draftNames({ name, count }: VmDraft): string[] {
  if (count === 1) return [name.replaceAll('{n}', '1')];
  const pattern = name.includes('{n}') ? name : `${name}-{n}`;
  return Array.from({ length: Math.min(Math.max(count, 0), maxCount) }, (_, index) =>
    pattern.replaceAll('{n}', String(index + 1)),
  );
}

const usedKinds: ReadonlySet<DraftSource['kind']> = new Set([
  ...(['dataVolume', 'claim', 'containerDisk', 'configMap', 'secret', 'none'] as const),
]);

/** Whether a disk is a DataVolume that is made along with the VM. */
export function isMade({ source }: DraftDisk): boolean {
  return !usedKinds.has(source.kind);
}

/** Whether a disk may be a LUN, which only a volume of its own can (vmi-create-admitter.go at d923fdb). */
export function mayBeLun({ kind }: DraftSource): boolean {
  return isOfVolume(kind);
}

/** Whether a claim of the project stands behind it. */
export function isOfVolume(kind: DraftSource['kind']): boolean {
  return !withoutVolume.has(kind);
}

const withoutVolume: ReadonlySet<DraftSource['kind']> = new Set([
  ...(['containerDisk', 'configMap', 'secret', 'none'] as const),
]);

/** The disk with another content, as the device that can have it. */
export function withContent(disk: DraftDisk, source: DraftSource): DraftDisk {
  if (source.kind === 'none') return { ...disk, source, kind: 'cdrom', bus: '' };
  const isLost = disk.kind === 'lun' && !mayBeLun(source);
  return { ...disk, source, ...(isLost && { kind: 'disk', bus: '' }) };
}

/** A name that no other of these has: `disk-2`. */
export function freeName(stem: string, taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number += 1) {
    const name = `${stem}-${number}`;
    if (!taken.includes(name)) return name;
  }
}
