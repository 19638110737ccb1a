import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type RunStrategy, runStrategyOf } from '~/kubevirt/vmCan';
import { toVmStatus, type VmStatus } from '~/kubevirt/vmStatus';

import { vmProblem, type Why } from './why/vmWhy';

/** What the list keeps of a VirtualMachine. The object itself is dropped. */
export interface VmRow {
  key: string;
  namespace: string;
  name: string;
  status: VmStatus;
  runStrategy: RunStrategy;
  /** ISO 8601, for the eye; also in the right order as text. */
  created: string;
  problem: Why | undefined;
  /** Names of the DataVolumes that belong to the VM and are deleted with it. */
  ownedDataVolumes: readonly string[];
  /** The name, such that vm-9 comes before vm-10 in plain comparison. */
  nameOrder: string;
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
}

/** One row of the list: a VM and, while there is one, its instance. */
export type VmListRow = VmRow &
  Pick<VmiRow, 'node' | 'ip' | 'moreIps' | 'ipOrder'> & { vmiPhase: string | undefined };

/** Pads every number, so that texts with numbers compare as people expect. */
export function naturalOrder(text: string): string {
  return text.replace(/\d+/g, (digits) => digits.padStart(10, '0'));
}

export function toVmRow(vm: V1VirtualMachine): VmRow {
  const { name = '', namespace = '', creationTimestamp = '' } = vm.metadata ?? {};
  const templates = vm.spec.dataVolumeTemplates ?? [];
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    status: toVmStatus(vm.status?.printableStatus),
    runStrategy: runStrategyOf(vm.spec),
    created: creationTimestamp,
    problem: vmProblem(vm),
    ownedDataVolumes: templates.map((template) => template.metadata?.name ?? ''),
    nameOrder: naturalOrder(name),
  };
}

export function toVmiRow(vmi: V1VirtualMachineInstance): VmiRow {
  const { name = '', namespace = '' } = vmi.metadata ?? {};
  const ips = (vmi.status?.interfaces ?? []).flatMap((one) => {
    const all = one.ipAddresses ?? [];
    return all.length > 0 ? all : one.ipAddress ? [one.ipAddress] : [];
  });
  const [ip = '', ...moreIps] = ips;
  return {
    key: `${namespace}/${name}`,
    phase: vmi.status?.phase ?? '',
    node: vmi.status?.nodeName ?? '',
    ip,
    moreIps,
    ipOrder: naturalOrder(ip),
  };
}

const NO_INSTANCE = { phase: undefined, node: '', ip: '', moreIps: [], ipOrder: '' } as const;

/**
 * Joins VMs and their instances by name. The returned function remembers: a row whose VM and
 * instance are the same objects as the last time is itself the same object, so that only changed
 * rows are drawn again.
 */
export function createRowJoin(): (
  vms: readonly VmRow[],
  vmis: readonly VmiRow[],
) => readonly VmListRow[] {
  const joined = new WeakMap<VmRow, { vmi: VmiRow | undefined; row: VmListRow }>();
  return (vms, vmis) => {
    const byKey = new Map(vmis.map((vmi) => [vmi.key, vmi]));
    return vms.map((vm) => {
      const vmi = byKey.get(vm.key);
      const known = joined.get(vm);
      if (known && known.vmi === vmi) return known.row;
      const { phase, node, ip, moreIps, ipOrder } = vmi ?? NO_INSTANCE;
      const row = { ...vm, vmiPhase: phase, node, ip, moreIps, ipOrder };
      joined.set(vm, { vmi, row });
      return row;
    });
  };
}
