import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

/** What kind of trouble it is; decides what the user is told to do. */
export type ProblemKind =
  | 'unschedulable'
  | 'claimMissing'
  | 'imagePull'
  | 'dataVolume'
  | 'crashLoop'
  | 'ioError'
  | 'recovery'
  | 'failure';

export interface VmProblem {
  kind: ProblemKind;
  /** The server's reason, a single word: `Unschedulable`. */
  reason: string;
  /** The server's message; empty when it gave none. */
  message: string;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/**
 * Which condition explains which printable status, first match wins. Statuses and reasons:
 * KubeVirt pkg/virt-controller/watch/vm/vm.go, setPrintableStatus and syncConditions.
 */
const EXPLANATIONS: readonly {
  kind: ProblemKind;
  statuses?: readonly string[];
  matches: (condition: Condition) => boolean;
}[] = [
  {
    kind: 'unschedulable',
    matches: ({ type, status, reason }) =>
      type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  },
  {
    kind: 'claimMissing',
    matches: ({ type, status, reason }) =>
      type === 'Synchronized' && status === 'False' && reason === 'FailedPvcNotFound',
  },
  {
    kind: 'imagePull',
    matches: ({ type, status, reason }) =>
      type === 'Synchronized' &&
      status === 'False' &&
      (reason === 'ErrImagePull' || reason === 'ImagePullBackOff'),
  },
  {
    kind: 'ioError',
    matches: ({ type, status, reason }) =>
      type === 'Paused' && status === 'True' && reason === 'PausedIOError',
  },
  {
    kind: 'recovery',
    matches: ({ type, status }) => type === 'ManualRecoveryRequired' && status === 'True',
  },
  { kind: 'failure', matches: ({ type, status }) => type === 'Failure' && status === 'True' },
  {
    kind: 'failure',
    matches: ({ type, status }) => type === 'Synchronized' && status === 'False',
  },
  {
    kind: 'dataVolume',
    statuses: ['DataVolumeError'],
    matches: ({ type, status }) => type === 'DataVolumesReady' && status === 'False',
  },
];

/** Statuses that are trouble by themselves, also when no condition says why. */
const TROUBLED: Readonly<Record<string, ProblemKind>> = {
  ErrorUnschedulable: 'unschedulable',
  ErrorPvcNotFound: 'claimMissing',
  ErrImagePull: 'imagePull',
  ImagePullBackOff: 'imagePull',
  DataVolumeError: 'dataVolume',
  CrashLoopBackOff: 'crashLoop',
};

/** What is wrong with a VM, in the server's words; `undefined` when nothing is. */
export function vmProblem({ status }: Pick<V1VirtualMachine, 'status'>): VmProblem | undefined {
  const printable = status?.printableStatus ?? '';
  const conditions: readonly Condition[] = status?.conditions ?? [];
  for (const { kind, statuses, matches } of EXPLANATIONS) {
    if (statuses && !statuses.includes(printable)) continue;
    const found = conditions.find(matches);
    if (found) {
      return { kind, reason: found.reason ?? found.type, message: found.message ?? '' };
    }
  }
  const kind = TROUBLED[printable];
  return kind ? { kind, reason: printable, message: '' } : undefined;
}
