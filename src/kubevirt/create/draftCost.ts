import { parseQuantity } from '~/k8s/quantity';
import { needsSecret } from '~/kubevirt/create/draftVm';
import { claimBytes, diskAbilities, type StorageFacts } from '~/kubevirt/create/storageAbilities';
import { isMade, maxCount, type VmDraft } from '~/kubevirt/create/vmDraft';

/** CPU and memory of one VM, its own or its instance type's. */
export interface VmSize {
  cpus: number;
  memoryBytes: number;
  isDedicated: boolean;
  hugepages: string;
}

const MIB = 2 ** 20;

/**
 * Memory that a launcher needs besides its guest's, in bytes (KubeVirt GetMemoryOverhead,
 * pkg/virt-controller/services/renderresources.go at d923fdb): fixed parts, page tables, threads, video.
 */
function launcherBytes({ cpus, memoryBytes }: VmSize): number {
  return (220 + 32) * MIB + memoryBytes / 512 + 8 * MIB * (cpus + 1);
}

/** What the containers of a launcher pod beside that of its guest ask for, and are limited to. */
interface Beside {
  requests: { cpu: number; memory: number };
  limits: { cpu: number; memory: number };
}

const MEGABYTE = 1e6;

/** The one that reads the serial line (KubeVirt pkg/virt-controller/services/serialconsolelog.go, d923fdb). */
const consoleLog: Beside = {
  requests: { cpu: 0.005, memory: 35 * MEGABYTE },
  limits: { cpu: 0.015, memory: 60 * MEGABYTE },
};

/** One for each container disk (KubeVirt pkg/container-disk/container-disk.go, d923fdb). */
const imageContainer: Beside = {
  requests: { cpu: 0.001, memory: MEGABYTE },
  limits: { cpu: 0.01, memory: 40 * MEGABYTE },
};

/** What one launcher pod asks for, and is limited to, by the name of the resource. */
function podCost(size: VmSize, draft: VmDraft, known: Known): Map<string, number> {
  const { cpus, memoryBytes, isDedicated, hugepages } = size;
  const overhead = launcherBytes(size);
  const cpu = isDedicated ? cpus : cpus / known.cpuAllocationRatio;
  const memory = hugepages === '' ? memoryBytes + overhead : overhead;
  const beside = [
    ...(known.logsConsoles ? [consoleLog] : []),
    ...draft.disks.flatMap(({ source }) =>
      source.kind === 'containerDisk' ? [imageContainer] : [],
    ),
  ];
  const sum = (which: keyof Beside, of: 'cpu' | 'memory') =>
    beside.reduce((all, one) => all + one[which][of], 0);
  const cost = new Map([
    ['cpu', cpu + sum('requests', 'cpu')],
    ['memory', memory + sum('requests', 'memory')],
    // A quota that bounds limits makes KubeVirt set some (template.go, doesVMIRequireAutoResourceLimits,
    // and renderresources.go, WithAutoMemoryLimits, d923fdb).
    ['limits.cpu', cpus + sum('limits', 'cpu')],
    [
      'limits.memory',
      memory * (isDedicated ? 1 : known.memoryLimitRatio) + sum('limits', 'memory'),
    ],
  ]);
  if (hugepages !== '') cost.set(`hugepages-${hugepages}`, memoryBytes);
  for (const { deviceName } of draft.devices) {
    if (deviceName !== '') cost.set(deviceName, (cost.get(deviceName) ?? 0) + 1);
  }
  return cost;
}

interface Known {
  /** Undefined while the instance type is not known. */
  size: VmSize | undefined;
  cpuAllocationRatio: number;
  /** Does a container of each launcher keep what its guest writes on the serial line? */
  logsConsoles: boolean;
  /** Limits of memory that KubeVirt sets, times what the pod requests. */
  memoryLimitRatio: number;
  storage: StorageFacts;
}

/** KubeVirt's default (renderresources.go, DefaultMemoryLimitOverheadRatio, d923fdb). */
const defaultMemoryLimitRatio = 2;

/** What the labels of a project say of limits of memory in it; `undefined` are those that nobody may see. */
export function memoryLimitRatio(labels: Readonly<Record<string, string>> = {}): number {
  const ratio = Number.parseFloat(labels['alpha.kubevirt.io/auto-memory-limits-ratio'] ?? '');
  return ratio >= 1 ? ratio : defaultMemoryLimitRatio;
}

/** What a draft uses, by the names that a ResourceQuota has for it, while all of its VMs run. */
export function draftCost(draft: VmDraft, known: Known): ReadonlyMap<string, number> {
  const cost = new Map<string, number>();
  const times = Math.min(Math.max(draft.count, 1), maxCount);
  const add = (names: readonly string[], amount: number) => {
    for (const name of names) cost.set(name, (cost.get(name) ?? 0) + amount * times);
  };
  const counted = (plural: string) => [plural, `count/${plural}`];
  add(['count/virtualmachines.kubevirt.io', 'count/virtualmachineinstances.kubevirt.io'], 1);
  add(counted('pods'), 1);
  if (known.size) {
    for (const [name, amount] of podCost(known.size, draft, known)) {
      const isNative = name === 'cpu' || name === 'memory';
      const isLimit = name.startsWith('limits.');
      add(isNative ? [name, `requests.${name}`] : [isLimit ? name : `requests.${name}`], amount);
    }
  }
  for (const disk of draft.disks.filter(isMade)) {
    const bytes = claimBytes(disk, known.storage);
    const ofClass = `${diskAbilities(disk, known.storage)?.className ?? ''}.storageclass.storage.k8s.io`;
    add(['requests.storage', `${ofClass}/requests.storage`], bytes);
    add([...counted('persistentvolumeclaims'), `${ofClass}/persistentvolumeclaims`], 1);
    add(['count/datavolumes.cdi.kubevirt.io'], 1);
  }
  const madeSecrets = (needsSecret(draft) ? 1 : 0) + (draft.sysprep.kind === 'typed' ? 1 : 0);
  if (madeSecrets > 0) add(counted('secrets'), madeSecrets);
  for (const { type } of draft.services) {
    add(counted('services'), 1);
    if (type !== 'ClusterIP') add(['services.nodeports'], 1);
    if (type === 'LoadBalancer') add(['services.loadbalancers'], 1);
  }
  return cost;
}

/** What is looked at of a ResourceQuota. */
export interface QuotaRow {
  name: string;
  /** It counts some pods only, so that nothing can be foretold. */
  isScoped: boolean;
  hard: ReadonlyMap<string, number>;
  used: ReadonlyMap<string, number>;
}

function amounts(list: Readonly<Record<string, string>> = {}): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(list).flatMap(([name, text]) => {
      const amount = parseQuantity(text);
      return amount === undefined ? [] : [[name, amount] as const];
    }),
  );
}

type Amounts = Readonly<Record<string, string>>;

export function quotaRow(object: {
  metadata?: { name?: string };
  spec?: { hard?: Amounts; scopes?: readonly string[]; scopeSelector?: object };
  status?: { hard?: Amounts; used?: Amounts };
}): QuotaRow {
  const { metadata, spec, status } = object;
  return {
    name: metadata?.name ?? '',
    isScoped: spec?.scopes !== undefined || spec?.scopeSelector !== undefined,
    hard: amounts(status?.hard ?? spec?.hard),
    used: amounts(status?.used),
  };
}

/** One line of a quota that a draft takes from. */
export interface QuotaUse {
  quota: string;
  /** Without `requests.`, which says the same. */
  resource: string;
  used: number;
  added: number;
  hard: number;
  isOver: boolean;
}

/** What a cost takes from each quota; nothing of what they do not limit. */
export function quotaUses(
  cost: ReadonlyMap<string, number>,
  quotas: readonly QuotaRow[],
): QuotaUse[] {
  return quotas
    .filter(({ isScoped }) => !isScoped)
    .flatMap(({ name: quota, hard, used }) =>
      [...hard].flatMap(([resource, most]): QuotaUse[] => {
        const added = cost.get(resource) ?? 0;
        const before = used.get(resource) ?? 0;
        if (added === 0) return [];
        return [
          {
            ...{ quota, resource: resource.replace(/^(?:requests\.|count\/)/, '') },
            ...{ used: before, added, hard: most, isOver: before + added > most },
          },
        ];
      }),
    )
    .filter(
      (use, index, all) =>
        all.findIndex((one) => one.quota === use.quota && one.resource === use.resource) === index,
    );
}

/** Whether amounts of a resource are bytes. */
export function isBytes(resource: string): boolean {
  return /(?:memory|storage|hugepages-\w+)$/.test(resource);
}

/** A bound that a LimitRange sets for one thing. */
export interface Limit {
  range: string;
  type: 'Container' | 'Pod' | 'PersistentVolumeClaim';
  resource: string;
  min: number | undefined;
  max: number | undefined;
}

const limitTypes = ['Container', 'Pod', 'PersistentVolumeClaim'] as const;

export function limitsOf(object: {
  metadata?: { name?: string };
  spec?: { limits?: readonly { type: string; min?: Amounts; max?: Amounts }[] };
}): Limit[] {
  return (object.spec?.limits ?? []).flatMap(({ type: kind, min, max }) => {
    const type = limitTypes.find((one) => one === kind);
    const [least, most] = [amounts(min), amounts(max)];
    return [...new Set([...least.keys(), ...most.keys()])].flatMap((resource): Limit[] =>
      type === undefined
        ? []
        : [
            {
              ...{ range: object.metadata?.name ?? '', type, resource },
              ...{ min: least.get(resource), max: most.get(resource) },
            },
          ],
    );
  });
}
