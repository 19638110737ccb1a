import type { VirtualMachineInstance } from '../resources.ts';

/** The run strategies of a VirtualMachine that this control plane knows. */
export const runStrategies = ['Always', 'RerunOnFailure', 'Manual', 'Halted', 'Once'] as const;
export type RunStrategy = (typeof runStrategies)[number];

/** What there is of the VM's VirtualMachineInstance. */
export type InstanceState = 'absent' | 'live' | 'succeeded' | 'failed';

export interface RunInput {
  strategy: RunStrategy;
  instance: InstanceState;
  /** First of `status.stateChangeRequests`, when there is one. */
  request: 'Start' | 'Stop' | undefined;
  /** `status.runStrategy` is not the strategy of the spec: it was changed, or the VM never ran. */
  strategyIsNew: boolean;
}

/**
 * - `create`: a VirtualMachineInstance is wanted (the caller may have to wait for disks or a back-off).
 * - `delete`: the VirtualMachineInstance has to go.
 * - `delete-and-restart`: as `delete`, and a Start request is queued, for the strategy would not start
 *   the VM again by itself.
 * - `become-always`: a Start request on a halted VM turns its strategy into Always.
 */
export type RunDecision = 'none' | 'create' | 'delete' | 'delete-and-restart' | 'become-always';

type Row = Record<InstanceState, (input: RunInput) => RunDecision>;

const always = (decision: RunDecision) => () => decision;
const deleteOnStop = ({ request }: RunInput): RunDecision =>
  request === 'Stop' ? 'delete' : 'none';
const createOnStart = ({ request }: RunInput): RunDecision =>
  request === 'Start' ? 'create' : 'none';

/**
 * Strategy x instance -> what next. Source: KubeVirt pkg/virt-controller/watch/vm/vm.go, syncRunStrategy
 * (d923fdb, lines 970 to 1180).
 */
const table: Record<RunStrategy, Row> = {
  Always: {
    absent: always('create'),
    live: deleteOnStop,
    succeeded: always('delete'),
    failed: always('delete'),
  },
  RerunOnFailure: {
    absent: ({ request, strategyIsNew }) =>
      request === 'Start' || strategyIsNew ? 'create' : 'none',
    live: deleteOnStop,
    succeeded: always('delete'),
    failed: ({ request }) => (request === 'Stop' ? 'delete' : 'delete-and-restart'),
  },
  Manual: {
    absent: createOnStart,
    live: deleteOnStop,
    succeeded: deleteOnStop,
    failed: deleteOnStop,
  },
  Halted: {
    absent: ({ request }) => (request === 'Start' ? 'become-always' : 'none'),
    live: always('delete'),
    succeeded: always('delete'),
    failed: always('delete'),
  },
  Once: {
    absent: always('create'),
    live: deleteOnStop,
    succeeded: always('none'),
    failed: always('none'),
  },
};

/** Decides what a VM's strategy asks for now. */
export function decideRun(input: RunInput): RunDecision {
  return table[input.strategy][input.instance](input);
}

/** What there is of a VM's instance. */
export function stateOf(vmi: VirtualMachineInstance | undefined): InstanceState {
  if (!vmi) return 'absent';
  if (vmi.status?.phase === 'Succeeded') return 'succeeded';
  return vmi.status?.phase === 'Failed' ? 'failed' : 'live';
}

/** Is there to be an instance, now or once what it waits for is there? isSetToStart of the same file. */
export function isSetToStart({
  strategy,
  instance,
  request,
}: Pick<RunInput, 'strategy' | 'instance' | 'request'>): boolean {
  switch (strategy) {
    case 'Always':
      return true;
    case 'Halted':
      return false;
    case 'Manual':
      return instance === 'absent' ? request === 'Start' : request !== 'Stop';
    case 'RerunOnFailure':
      return instance !== 'succeeded';
    case 'Once':
      return instance === 'absent';
  }
}

/** The strategy of a VM; `running` is the deprecated way to say Always or Halted. */
export function runStrategyOf(spec: {
  runStrategy?: string;
  running?: boolean;
}): RunStrategy | undefined {
  if (spec.running !== undefined) return spec.running ? 'Always' : 'Halted';
  return runStrategies.find((strategy) => strategy === spec.runStrategy);
}

const longestDelaySeconds = 300;

/**
 * Seconds to wait before start number `failures` + 1: 10 n², and up to half of it as jitter by `random` (0 to 1),
 * 300 at most. Source: calculateStartBackoffTime of the same file, line 1485.
 */
export function crashLoopDelaySeconds(failures: number, random: number): number {
  const base = 10 * Math.max(1, failures) ** 2;
  const jitter = Math.floor(random * (Math.floor(base / 2) + 1));
  return Math.min(longestDelaySeconds, base + jitter);
}
