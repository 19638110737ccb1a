import type { UseOfVm } from '~/kubevirt/vmMetrics';
import type { ClaimRow, VmiRow, VmRow } from '~/kubevirt/vmRow';

/** One row of the list: a VM with, while there are any, its instance and its claims. */
export type VmListRow = VmRow &
  Pick<VmiRow, 'node' | 'ip' | 'moreIps' | 'ipOrder' | 'macs' | 'hasAgent' | 'migration'> & {
    /** Undefined without an instance. */
    vmiPhase: string | undefined;
    storageClasses: readonly string[];
    /** Undefined while it is not asked for, or not measured. */
    use: UseOfVm | undefined;
    /** What a search for a plain word looks at, in lower case. */
    haystack: string;
  };

const noInstance = {
  phase: undefined,
  node: '',
  ip: '',
  moreIps: [],
  ipOrder: '',
  macs: [],
  vcpus: undefined,
  memoryBytes: undefined,
  guestOs: '',
  hasAgent: false,
  migration: undefined,
} as const;

type Part = VmiRow | typeof noInstance;

interface Joined {
  vmi: VmiRow | undefined;
  storageClasses: readonly string[];
  use: UseOfVm | undefined;
}

function toListRow(vm: VmRow, { vmi: instance, storageClasses, use }: Joined): VmListRow {
  const vmi: Part = instance ?? noInstance;
  const { phase, node, ip, moreIps, ipOrder, macs, hasAgent, migration } = vmi;
  const os = vmi.guestOs || vm.os;
  const words = [vm.name, node, ip, ...moreIps, ...macs, os, ...vm.labels];
  return {
    ...vm,
    vcpus: vmi.vcpus ?? vm.vcpus,
    memoryBytes: vmi.memoryBytes ?? vm.memoryBytes,
    os,
    vmiPhase: phase,
    node,
    ip,
    moreIps,
    ipOrder,
    macs,
    hasAgent,
    migration,
    storageClasses,
    use,
    haystack: words.join(' ').toLowerCase(),
  };
}

function byKey<Row extends { key: string }>(): (rows: readonly Row[]) => Map<string, Row> {
  let last: readonly Row[] | undefined;
  let map = new Map<string, Row>();
  return (rows) => {
    if (rows !== last) map = new Map(rows.map((row) => [row.key, row]));
    last = rows;
    return map;
  };
}

const none: readonly string[] = [];

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((text, index) => text === b[index]));
}

function sameUse(a: UseOfVm | undefined, b: UseOfVm | undefined): boolean {
  return (
    a === b ||
    (a !== undefined &&
      b !== undefined &&
      a.cpu === b.cpu &&
      a.memory === b.memory &&
      a.network === b.network)
  );
}

/** A VM of one row; before its instance and its claims are known it has none. */
export function vmListRow(vm: VmRow, vmi: VmiRow | undefined): VmListRow {
  return toListRow(vm, { vmi, storageClasses: none, use: undefined });
}

/**
 * Joins VMs with their instances by name, and with their claims and what they use where these are
 * known. The returned
 * function remembers: a row whose parts are the same as the last time is itself the same object, so
 * that only changed rows are drawn again.
 */
export function createRowJoin(): (
  vms: readonly VmRow[],
  vmis: readonly VmiRow[],
  claims: readonly ClaimRow[],
  /** By the key of the VM. */
  uses: ReadonlyMap<string, UseOfVm>,
) => readonly VmListRow[] {
  const joined = new WeakMap<VmRow, { vmi: VmiRow | undefined; row: VmListRow }>();
  const vmiByKey = byKey<VmiRow>();
  const claimByKey = byKey<ClaimRow>();
  return (vms, vmis, claims, uses) => {
    const instances = vmiByKey(vmis);
    const volumes = claimByKey(claims);
    const classesOf = (vm: VmRow): readonly string[] => {
      if (volumes.size === 0 || vm.claims.length === 0) return none;
      const found = vm.claims.map((name) => volumes.get(`${vm.namespace}/${name}`));
      return [...new Set(found.flatMap((one) => (one?.storageClass ? [one.storageClass] : [])))];
    };
    return vms.map((vm) => {
      const vmi = instances.get(vm.key);
      const classes = classesOf(vm);
      const use = uses.get(vm.key);
      const known = joined.get(vm);
      if (known && known.vmi === vmi && sameTexts(known.row.storageClasses, classes)) {
        if (sameUse(known.row.use, use)) return known.row;
        const row = { ...known.row, use };
        joined.set(vm, { vmi, row });
        return row;
      }
      const row = toListRow(vm, { vmi, storageClasses: classes, use });
      joined.set(vm, { vmi, row });
      return row;
    });
  };
}
