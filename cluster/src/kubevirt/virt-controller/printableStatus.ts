import type { DataVolume } from '../../cdi/resources.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';
import { findCondition } from './conditions.ts';
import { bindsLate } from './pendingConditions.ts';
import { runStrategyOf } from './runStrategies.ts';

export interface StatusInput {
  vm: VirtualMachine;
  vmi: VirtualMachineInstance | undefined;
  /** The DataVolumes that the VM's volumes name, as far as they exist. */
  dataVolumes: DataVolume[];
  /** It is to run, and a PersistentVolumeClaim of it that is there is not Bound. */
  waitsForBinding: boolean;
  /** The controller has just created the VMI, and no watch event has shown it yet. */
  creating: boolean;
  /** The controller has just deleted the VMI. */
  deleting: boolean;
}

type Rule = [status: string, applies: (input: StatusInput) => boolean];

/** Has it ended? */
export const isFinal = (vmi: VirtualMachineInstance | undefined) =>
  vmi?.status?.phase === 'Succeeded' || vmi?.status?.phase === 'Failed';

const synchronizedFailure = (vmi: VirtualMachineInstance | undefined) => {
  const condition = vmi && findCondition(vmi.status?.conditions, 'Synchronized');
  return condition?.status === 'False' ? condition.reason : undefined;
};

const isTrue = (vmi: VirtualMachineInstance | undefined, type: string) =>
  vmi !== undefined && findCondition(vmi.status?.conditions, type)?.status === 'True';

function hasFailed(dataVolume: DataVolume): boolean {
  if (dataVolume.status?.phase === 'Failed') return true;
  const running = findCondition(dataVolume.status?.conditions, 'Running');
  return (
    running?.status === 'False' &&
    (running.reason === 'Error' || running.reason === 'ImagePullFailed')
  );
}

const isProvisioning = (dataVolume: DataVolume) =>
  dataVolume.status?.phase !== 'Succeeded' && !bindsLate(dataVolume);

function crashLoops({ vm, vmi, creating }: StatusInput): boolean {
  const strategy = runStrategyOf(vm.spec);
  return (
    (vm.status?.startFailure?.consecutiveFailCount ?? 0) > 0 &&
    (strategy === 'Always' || strategy === 'RerunOnFailure' || strategy === 'Once') &&
    (vmi === undefined || isFinal(vmi)) &&
    !creating
  );
}

/**
 * The first rule that applies gives `status.printableStatus`. Source: KubeVirt
 * pkg/virt-controller/watch/vm/vm.go, lines 2524 to 2700 (d923fdb).
 */
const rules: Rule[] = [
  ['Terminating', ({ vm }) => vm.metadata.deletionTimestamp !== undefined],
  [
    'Stopping',
    ({ vmi, deleting }) =>
      vmi !== undefined &&
      !isFinal(vmi) &&
      (vmi.metadata.deletionTimestamp !== undefined || deleting),
  ],
  [
    'Migrating',
    ({ vmi }) =>
      vmi?.status?.migrationState?.startTimestamp !== undefined &&
      vmi.status.migrationState.endTimestamp === undefined,
  ],
  ['Paused', ({ vmi }) => vmi?.status?.phase === 'Running' && isTrue(vmi, 'Paused')],
  ['Running', ({ vmi }) => vmi?.status?.phase === 'Running'],
  ['ErrorPvcNotFound', ({ vmi }) => synchronizedFailure(vmi) === 'FailedPvcNotFound'],
  ['DataVolumeError', ({ dataVolumes }) => dataVolumes.some(hasFailed)],
  [
    'ErrorUnschedulable',
    ({ vmi }) => {
      const condition = vmi && findCondition(vmi.status?.conditions, 'PodScheduled');
      return condition?.status === 'False' && condition.reason === 'Unschedulable';
    },
  ],
  ['Provisioning', ({ dataVolumes }) => dataVolumes.some(isProvisioning)],
  ['WaitingForVolumeBinding', ({ waitsForBinding }) => waitsForBinding],
  ['ErrImagePull', ({ vmi }) => synchronizedFailure(vmi) === 'ErrImagePull'],
  ['ImagePullBackOff', ({ vmi }) => synchronizedFailure(vmi) === 'ImagePullBackOff'],
  [
    'Starting',
    ({ vmi, creating }) =>
      (vmi === undefined && creating) ||
      (vmi !== undefined &&
        ['', 'Pending', 'Scheduling', 'Scheduled'].includes(vmi.status?.phase ?? '')),
  ],
  ['CrashLoopBackOff', crashLoops],
  ['Stopped', ({ vmi }) => vmi === undefined || isFinal(vmi)],
];

/** What `kubectl get vm` and every console show as the VM's status. */
export function printableStatus(input: StatusInput): string {
  return rules.find(([, applies]) => applies(input))?.[0] ?? 'Unknown';
}
