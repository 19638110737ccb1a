import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type RunStrategy, runStrategyOf } from '~/kubevirt/vmCan';
import { vmConditions } from '~/kubevirt/vmConditions';
import { vmResources } from '~/kubevirt/vmResources';
import { isAlone, ownerOf, vmOfInstance } from '~/kubevirt/vmInstance';
import { toVmStatus, type VmStatus } from '~/kubevirt/vmStatus';
import { vmProblem, type Why } from '~/kubevirt/why/vmWhy';

/**
 * Label that puts a VM into a group. It is the one that OpenShift's own console uses, so that groups
 * are the same in both (kubevirt-plugin src/utils/resources/vm/utils/constants.ts at 0dc2b82).
 */
export const groupLabel = 'vm.openshift.io/folder';

/**
 * Label that keeps a VM from being deleted while it is `True` or `true`: the validating admission
 * policy `kubevirt-vm-deletion-protection` (KubeVirt pkg/virt-operator, docs/vm-deletion-protection).
 */
export const protectionLabel = 'kubevirt.io/vm-delete-protection';

/** What the list keeps of a VirtualMachine. The object itself is dropped. */
export interface VmRow {
  key: string;
  /** It is an instance without a VM. */
  isInstance?: true;
  /** Of an instance without a VM: what made it, `Kind name`. */
  owner?: string;
  namespace: string;
  name: string;
  status: VmStatus;
  runStrategy: RunStrategy;
  /** ISO 8601, for the eye; also in the right order as text. */
  created: string;
  problem: Why | undefined;
  /** `Type=Status`, those that need attention first. */
  conditions: readonly string[];
  /** Why it cannot move while it runs, in the server's words; undefined when it can, or is not known. */
  notMigratable: string | undefined;
  /** `key=value` each. */
  labels: readonly string[];
  /** Empty for a VM in no group. */
  group: string;
  isProtected: boolean;
  /** Undefined while an instance type decides. */
  vcpus: number | undefined;
  memoryBytes: number | undefined;
  instancetype: string;
  /** What the VM is said to run; what the guest says itself goes before. */
  os: string;
  /** Names of its claims; those of DataVolumes have the same names. */
  claims: readonly string[];
  /** Names of the DataVolumes that belong to the VM and are deleted with it. */
  ownedDataVolumes: readonly string[];
  /** The name, such that vm-9 comes before vm-10 in plain comparison. */
  nameOrder: string;
}

/** The last migration of an instance. */
export interface VmMigration {
  state: 'running' | 'succeeded' | 'failed';
  /** When it ended, or began while it runs; ISO 8601. */
  at: string;
  from: string;
  to: string;
}

/** What the list keeps of a VirtualMachineInstance. */
export interface VmiRow {
  key: string;
  /** `status.phase`. */
  phase: string;
  node: string;
  /** Address of the first interface. */
  ip: string;
  moreIps: readonly string[];
  ipOrder: string;
  macs: readonly string[];
  vcpus: number;
  memoryBytes: number | undefined;
  /** As the guest agent tells; empty without one. */
  guestOs: string;
  hasAgent: boolean;
  migration: VmMigration | undefined;
  /** The instance as a row of its own, where no VM made it. */
  alone: VmRow | undefined;
}

/** What the list keeps of a PersistentVolumeClaim. */
export interface ClaimRow {
  key: string;
  storageClass: string;
}

/** Pads every number, so that texts with numbers compare as people expect. */
export function naturalOrder(text: string): string {
  return text.replace(/\d+/g, (digits) => digits.padStart(10, '0'));
}

/** What a VM is said to run: template annotation, then the label of boot sources, then its preference. */
function osOf({ metadata, spec }: V1VirtualMachine): string {
  const annotations = spec.template.metadata?.annotations ?? {};
  return (
    annotations['vm.kubevirt.io/os'] ??
    metadata?.labels?.['os.template.kubevirt.io/name'] ??
    spec.preference?.name ??
    ''
  );
}

function claimsOf({ spec }: V1VirtualMachine): string[] {
  return (spec.template.spec?.volumes ?? []).flatMap((volume) => {
    if (volume.dataVolume) return [volume.dataVolume.name];
    return volume.persistentVolumeClaim ? [volume.persistentVolumeClaim.claimName] : [];
  });
}

export function toVmRow(vm: V1VirtualMachine): VmRow {
  const { name = '', namespace = '', creationTimestamp = '', labels = {} } = vm.metadata ?? {};
  const instancetype = vm.spec.instancetype?.name ?? '';
  const { vcpus, memoryBytes } = vmResources(vm.spec.template.spec?.domain, undefined);
  const conditions = vmConditions(vm);
  const migratable = conditions.find(({ type }) => type === 'LiveMigratable');
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    status: toVmStatus(vm.status?.printableStatus),
    runStrategy: runStrategyOf(vm.spec),
    created: creationTimestamp,
    problem: vmProblem(vm),
    conditions: conditions.map(({ type, status }) => `${type}=${status}`),
    notMigratable:
      migratable?.status === 'False' ? migratable.message || migratable.reason : undefined,
    labels: Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    group: labels[groupLabel] ?? '',
    isProtected: /^[Tt]rue$/.test(labels[protectionLabel] ?? ''),
    vcpus: instancetype === '' ? vcpus : undefined,
    memoryBytes,
    instancetype,
    os: osOf(vm),
    claims: claimsOf(vm),
    ownedDataVolumes: (vm.spec.dataVolumeTemplates ?? []).map((one) => one.metadata?.name ?? ''),
    nameOrder: naturalOrder(name),
  };
}

function migrationOf({ status }: V1VirtualMachineInstance): VmMigration | undefined {
  const state = status?.migrationState;
  // What waits for its turn has no time yet.
  if (!state?.startTimestamp) return undefined;
  return {
    state: state.failed ? 'failed' : state.endTimestamp ? 'succeeded' : 'running',
    at: state.endTimestamp ?? state.startTimestamp,
    from: state.sourceNode ?? '',
    to: state.targetNode ?? '',
  };
}

export function toVmiRow(vmi: V1VirtualMachineInstance): VmiRow {
  const { name = '', namespace = '' } = vmi.metadata ?? {};
  const interfaces = vmi.status?.interfaces ?? [];
  const ips = interfaces.flatMap((one) => {
    const all = one.ipAddresses ?? [];
    return all.length > 0 ? all : one.ipAddress ? [one.ipAddress] : [];
  });
  const [ip = '', ...moreIps] = ips;
  const { vcpus, memoryBytes } = vmResources(vmi.spec.domain, vmi.status);
  const os = vmi.status?.guestOSInfo;
  return {
    key: `${namespace}/${name}`,
    phase: vmi.status?.phase ?? '',
    node: vmi.status?.nodeName ?? '',
    ip,
    moreIps,
    ipOrder: naturalOrder(ip),
    macs: interfaces.flatMap(({ mac }) => (mac ? [mac] : [])),
    vcpus,
    memoryBytes,
    guestOs: os?.prettyName ?? os?.name ?? '',
    hasAgent: (vmi.status?.conditions ?? []).some(
      ({ type, status }) => type === 'AgentConnected' && status === 'True',
    ),
    migration: migrationOf(vmi),
    alone: isAlone(vmi) ? aloneRow(vmi) : undefined,
  };
}

/** An instance that no VM made, as a row among VMs. */
export function aloneRow(vmi: V1VirtualMachineInstance): VmRow {
  return { ...toVmRow(vmOfInstance(vmi)), isInstance: true, owner: ownerOf(vmi) };
}

/** The part of a claim that is read. */
interface RawClaim {
  metadata?: { namespace?: string; name?: string };
  spec?: { storageClassName?: string };
}

export function toClaimRow({ metadata, spec }: RawClaim): ClaimRow {
  return {
    key: `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`,
    storageClass: spec?.storageClassName ?? '',
  };
}
