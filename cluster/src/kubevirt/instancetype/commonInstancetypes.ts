import type { Draft } from '../../client/KubeClient.ts';
import type { Instancetype, InstancetypeSpec } from './resources.ts';

/** The release of kubevirt/common-instancetypes whose names, sizes and labels these are. */
export const commonVersion = 'v1.7.0';

type Size = [name: string, vcpus: number, memory: string];

interface Series {
  name: string;
  displayName: string;
  class: string;
  icon: string;
  description: string;
  sizes: readonly Size[];
  cpu?: Partial<InstancetypeSpec['cpu']>;
  /** The vCPUs of a size are all that it may ever have. */
  fixedCpus?: true;
  /** The page sizes of its memory; with two, the second gives sizes of their own, named `<size>1gi`. */
  hugepages?: readonly ('2Mi' | '1Gi')[];
  overcommitPercent?: number;
  ioThreadsPolicy?: string;
  annotations?: Record<string, string>;
}

const large: Size[] = [
  ['large', 2, '8Gi'],
  ['xlarge', 4, '16Gi'],
  ['2xlarge', 8, '32Gi'],
  ['4xlarge', 16, '64Gi'],
  ['8xlarge', 32, '128Gi'],
];
const small: Size[] = [
  ['micro', 1, '1Gi'],
  ['small', 1, '2Gi'],
  ['medium', 1, '4Gi'],
];
const nano: Size = ['nano', 1, '512Mi'];
const doubleMedium: Size = ['2xmedium', 2, '4Gi'];
const universal: Size[] = [nano, ...small, doubleMedium, ...large];

const dedicated = { dedicatedCPUPlacement: true, isolateEmulatorThread: true };
const numa = { guestMappingPassthrough: {} };
const noBalancing = {
  'cpu-load-balancing.crio.io': 'disable',
  'cpu-quota.crio.io': 'disable',
  'irq-load-balancing.crio.io': 'disable',
};

const allSeries: readonly Series[] = [
  {
    name: 'u1',
    displayName: 'General Purpose',
    class: 'general.purpose',
    icon: 'pficon-server-group',
    description: 'Universal sizes for most workloads. CPUs are shared with other VMs.',
    sizes: universal,
  },
  {
    name: 'o1',
    displayName: 'Overcommitted',
    class: 'overcommitted',
    icon: 'pficon-virtual-machine',
    description: 'The sizes of U, with only half of the memory reserved on the node.',
    sizes: [nano, ...small, ...large],
    overcommitPercent: 50,
  },
  {
    name: 'd1',
    displayName: 'Dedicated vCPU',
    class: 'dedicated.vcpu',
    icon: 'pficon-server-group',
    description: 'Each vCPU has a physical core of its own, for even performance.',
    sizes: universal,
    cpu: dedicated,
    ioThreadsPolicy: 'auto',
  },
  {
    name: 'cx1',
    displayName: 'Compute Exclusive',
    class: 'compute.exclusive',
    icon: 'pficon-registry',
    description:
      'Cores of their own with their NUMA topology, for computing. Nodes need the CPU manager and huge pages.',
    sizes: [
      ['medium', 1, '2Gi'],
      ['large', 2, '4Gi'],
      ['xlarge', 4, '8Gi'],
      ['2xlarge', 8, '16Gi'],
      ['4xlarge', 16, '32Gi'],
      ['8xlarge', 32, '64Gi'],
    ],
    cpu: { ...dedicated, numa },
    fixedCpus: true,
    hugepages: ['2Mi', '1Gi'],
    ioThreadsPolicy: 'auto',
  },
  {
    name: 'm1',
    displayName: 'Memory Intensive',
    class: 'memory.intensive',
    icon: 'fa-memory',
    description: 'Much memory for each vCPU, on huge pages.',
    sizes: [
      ['large', 2, '16Gi'],
      ['xlarge', 4, '32Gi'],
      ['2xlarge', 8, '64Gi'],
      ['4xlarge', 16, '128Gi'],
      ['8xlarge', 32, '256Gi'],
    ],
    hugepages: ['2Mi', '1Gi'],
  },
  {
    name: 'n1',
    displayName: 'Network',
    class: 'network',
    icon: 'pficon-network',
    description: 'For network functions by DPDK, on nodes that are labelled for it.',
    sizes: [
      ['medium', 4, '4Gi'],
      ['large', 4, '8Gi'],
      ['xlarge', 8, '16Gi'],
      ['2xlarge', 16, '32Gi'],
      ['4xlarge', 32, '64Gi'],
      ['8xlarge', 64, '128Gi'],
    ],
    cpu: dedicated,
    hugepages: ['1Gi'],
    annotations: noBalancing,
  },
  {
    name: 'rt1',
    displayName: 'Realtime',
    class: 'realtime',
    icon: 'pficon-server-group',
    description: 'For realtime workloads, on nodes with a realtime kernel.',
    sizes: [...small, ...large],
    cpu: { ...dedicated, numa, realtime: {} },
    hugepages: ['1Gi'],
    annotations: noBalancing,
  },
];

/** The cluster-wide instance types that KubeVirt installs, made from the facts of their series. */
export function commonInstancetypes(): Draft<Instancetype>[] {
  return allSeries.flatMap((series) =>
    series.sizes.flatMap((size) =>
      (series.hugepages ?? [undefined]).map((pages, index) =>
        instancetype(series, size, pages, index > 0),
      ),
    ),
  );
}

function instancetype(
  series: Series,
  [sizeName, vcpus, memory]: Size,
  pageSize: '2Mi' | '1Gi' | undefined,
  isVariant: boolean,
): Draft<Instancetype> {
  const size = isVariant ? `${sizeName}1gi` : sizeName;
  const { cpu = {} } = series;
  const labels = {
    class: series.class,
    cpu: String(vcpus),
    ...(cpu.dedicatedCPUPlacement && { dedicatedCPUPlacement: 'true' }),
    ...(pageSize && { hugepages: pageSize }),
    'icon-pf': series.icon,
    ...(cpu.isolateEmulatorThread && { isolateEmulatorThread: 'true' }),
    memory,
    ...(cpu.numa && { numa: 'true' }),
    ...(cpu.realtime && { realtime: 'true' }),
    size,
    vendor: 'kubevirt.io',
    version: '1',
    'common-instancetypes-version': commonVersion,
  };
  return {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    metadata: {
      name: `${series.name}.${size}`,
      labels: prefixed(labels),
      annotations: prefixed({ displayName: series.displayName, description: series.description }),
    },
    spec: {
      ...(series.annotations && { annotations: series.annotations }),
      cpu: { guest: vcpus, ...cpu, ...(series.fixedCpus && { maxSockets: vcpus }) },
      ...(series.ioThreadsPolicy && { ioThreadsPolicy: series.ioThreadsPolicy }),
      memory: {
        guest: memory,
        ...(pageSize && { hugepages: { pageSize } }),
        ...(series.overcommitPercent && { overcommitPercent: series.overcommitPercent }),
      },
    },
  };
}

/** Keys in the group's own domain. */
export const prefixed = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`instancetype.kubevirt.io/${key}`, value]),
  );
