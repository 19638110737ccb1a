import { isRecord } from '~/k8s/isRecord';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { parseQuantity } from '~/k8s/quantity';

export interface Taint {
  key: string;
  value?: string;
  effect: string;
}

/** What is looked at of a Node when a VM is to be placed. */
export interface NodeRow {
  labels: Readonly<Record<string, string>>;
  taints: readonly Taint[];
  /** What it has for pods, by the name of the resource; bytes where it is memory. */
  allocatable: Readonly<Record<string, number>>;
}

export function nodeRow(
  object: KubernetesObject & {
    spec?: { taints?: readonly Taint[] };
    status?: { allocatable?: Readonly<Record<string, string>> };
  },
): NodeRow {
  return {
    labels: object.metadata?.labels ?? {},
    taints: object.spec?.taints ?? [],
    allocatable: Object.fromEntries(
      Object.entries(object.status?.allocatable ?? {}).map(([name, amount]) => [
        name,
        parseQuantity(amount) ?? 0,
      ]),
    ),
  };
}

/** How much of a resource the nodes have together. */
export function sumOf(nodes: readonly NodeRow[], resource: string): number {
  return nodes.reduce((sum, { allocatable }) => sum + (allocatable[resource] ?? 0), 0);
}

/** Whether a node has all of these labels; an empty value stands for any. */
export function hasLabels(
  { labels }: Pick<NodeRow, 'labels'>,
  wanted: readonly (readonly [key: string, value: string])[],
): boolean {
  return wanted.every(([key, value]) =>
    value === '' ? labels[key] !== undefined : labels[key] === value,
  );
}

/** Each taint once, in the order of the nodes. */
export function taintsOf(nodes: readonly NodeRow[]): Taint[] {
  const found = new Map<string, Taint>();
  for (const { taints } of nodes) {
    for (const taint of taints) found.set(taintText(taint), taint);
  }
  return [...found.values()];
}

/** As kubectl writes it: `dedicated=vm:NoSchedule`. */
export function taintText({ key, value = '', effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
}

/** What is looked at of the KubeVirt object. */
export interface KubeVirtRow {
  /** Devices that VMs may have, by the name of their resource, sorted. */
  permittedDevices: readonly string[];
  /** vCPUs that share one CPU of a node. */
  cpuAllocationRatio: number;
  /** Is what guests write on their serial line kept, by a container of each launcher? */
  logsConsoles: boolean;
}

/** KubeVirt's default (pkg/virt-config at d923fdb). */
export const defaultCpuAllocationRatio = 10;

export function kubeVirtRow({ spec }: { spec?: unknown }): KubeVirtRow {
  const configuration = fieldOf(spec, 'configuration');
  const permitted = fieldOf(configuration, 'permittedHostDevices');
  const lists = isRecord(permitted) ? Object.values(permitted) : [];
  const names = lists.flatMap((list: unknown) =>
    (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
      const name = fieldOf(one, 'resourceName');
      return typeof name === 'string' ? [name] : [];
    }),
  );
  const ratio = fieldOf(fieldOf(configuration, 'developerConfiguration'), 'cpuAllocationRatio');
  return {
    permittedDevices: [...new Set(names)].sort(),
    cpuAllocationRatio: typeof ratio === 'number' && ratio > 0 ? ratio : defaultCpuAllocationRatio,
    logsConsoles:
      fieldOf(fieldOf(configuration, 'virtualMachineOptions'), 'disableSerialConsoleLog') ===
      undefined,
  };
}

function fieldOf(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}
