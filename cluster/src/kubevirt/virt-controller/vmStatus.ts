import type { PersistentVolumeClaim } from '../../client/resources.ts';
import type { DataVolume } from '../../cdi/resources.ts';
import type { PinnedRefs } from '../instancetype/pinRevisions.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';
import { type Condition, findCondition, withCondition, withoutCondition } from './conditions.ts';
import { isFinal, printableStatus } from './printableStatus.ts';
import { crashLoopDelaySeconds, isSetToStart, runStrategyOf, stateOf } from './runStrategies.ts';
import { firstRequest, openRequests } from './stateChanges.ts';
import { volumeMigrationStatus } from './volumeMigrationStatus.ts';
import { volumeSnapshotStatuses } from './snapshot/volumeSnapshotStatuses.ts';
import { timestamp } from '../../client/timestamp.ts';

export interface StatusSources {
  /** Drivers that have a VolumeSnapshotClass. */
  snapshotDrivers: ReadonlySet<string>;
  vm: VirtualMachine;
  vmi: VirtualMachineInstance | undefined;
  dataVolumes: DataVolume[];
  claims: PersistentVolumeClaim[];
  creating: boolean;
  deleting: boolean;
  /** A failed RerunOnFailure VM is to be started again: queue a Start request. */
  restart: boolean;
  failure: { reason: string; message: string } | undefined;
  /** Why the VM must be started anew for changes to take effect. */
  restartRequired: string | undefined;
  /** The revisions of the instance type and the preference that the VM is pinned to. */
  refs: PinnedRefs | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  /** 0 to 1: jitter of the back-off. */
  random: number;
}

type Status = NonNullable<VirtualMachine['status']>;

/** The VM's status as it should be now; undefined when it already is. */
export function nextStatus(sources: StatusSources): Status | undefined {
  const { vm, vmi } = sources;
  const before = vm.status ?? {};
  const requests = openRequests(vm, vmi);
  if (sources.restart && requests.length === 0) requests.push({ action: 'Start' });
  const startFailure = startFailureOf(sources);
  const strategy = runStrategyOf(vm.spec);
  const ran = vmi !== undefined || sources.creating;
  const withFailure: VirtualMachine = {
    ...vm,
    status: { ...before, ...(startFailure && { startFailure }) },
  };
  if (!startFailure) delete withFailure.status?.startFailure;

  const { state: moving, condition: recovery } = volumeMigrationStatus(vm, vmi);
  const status: Status = {
    ...withFailure.status,
    ...sources.refs,
    created: vmi !== undefined,
    ready: vmi !== undefined && findCondition(vmi.status?.conditions, 'Ready')?.status === 'True',
    printableStatus: printableStatus({
      vm: withFailure,
      vmi,
      dataVolumes: sources.dataVolumes,
      waitsForBinding:
        strategy !== undefined &&
        isSetToStart({ strategy, instance: stateOf(vmi), request: firstRequest(vm, vmi) }) &&
        sources.claims.some(({ status: claim }) => claim?.phase !== 'Bound'),
      creating: sources.creating,
      deleting: sources.deleting,
    }),
    conditions: conditionsOf(sources, recovery),
    volumeSnapshotStatuses: volumeSnapshotStatuses(sources),
    ...(strategy && (ran || before.runStrategy) && { runStrategy: strategy }),
  };
  if (requests.length > 0) status.stateChangeRequests = requests;
  else delete status.stateChangeRequests;
  if (moving) status.volumeUpdateState = moving;
  else delete status.volumeUpdateState;
  const generation = vm.metadata.generation ?? 1;
  status.desiredGeneration = generation;
  const running = vmi?.metadata.annotations?.['kubevirt.io/vm-generation'];
  status.observedGeneration = running === undefined ? generation : Number(running);
  return JSON.stringify(status) === JSON.stringify(before) ? undefined : status;
}

/** The strategies that start a VM again by themselves. */
const restarting = new Set(['Always', 'RerunOnFailure', 'Once']);

/**
 * Counts the instances in a row that ended before the guest ran. A guest that ran clears the count, however it ended
 * then: KubeVirt has no back-off for those (syncStartFailureStatus of pkg/virt-controller/watch/vm/vm.go, d923fdb).
 */
function startFailureOf({ vm, vmi, now, random }: StatusSources): Status['startFailure'] {
  const before = vm.status?.startFailure;
  const hasRun = vmi?.status?.phaseTransitionTimestamps?.some(({ phase }) => phase === 'Running');
  if (hasRun === true || !restarting.has(runStrategyOf(vm.spec) ?? '')) return undefined;
  if (!vmi || !isFinal(vmi) || before?.lastFailedVMIUID === vmi.metadata.uid) return before;
  const count = (before?.consecutiveFailCount ?? 0) + 1;
  return {
    consecutiveFailCount: count,
    lastFailedVMIUID: vmi.metadata.uid,
    retryAfterTimestamp: timestamp(now + crashLoopDelaySeconds(count, random) * 1000),
  };
}

/** The VM's own conditions, and those of its VMI as they are. */
function conditionsOf(
  { vm, vmi, failure, restartRequired, now }: StatusSources,
  recovery: Condition | undefined,
) {
  const own = ['Ready', 'Failure', 'RestartRequired', 'ManualRecoveryRequired'];
  const time = timestamp(now);
  const copied = (vmi?.status?.conditions ?? []).map((condition) => ({ ...condition }));
  const kept = (vm.status?.conditions ?? []).filter(({ type }) => own.includes(type));
  let conditions = [...kept, ...copied.filter(({ type }) => type !== 'Ready')];
  const ready = findCondition(copied, 'Ready');
  conditions = withCondition(
    conditions,
    ready ??
      (vmi
        ? {
            type: 'Ready',
            status: 'False',
            reason: 'VMIConditionMissing',
            message: 'VMI is missing the Ready condition',
          }
        : {
            type: 'Ready',
            status: 'False',
            reason: 'VMINotExists',
            message: 'VMI does not exist',
          }),
    time,
  );
  conditions =
    restartRequired === undefined
      ? withoutCondition(conditions, 'RestartRequired')
      : withCondition(
          conditions,
          { type: 'RestartRequired', status: 'True', message: restartRequired },
          time,
        );
  conditions = recovery
    ? withCondition(conditions, recovery, time)
    : withoutCondition(conditions, 'ManualRecoveryRequired');
  return failure
    ? withCondition(conditions, { type: 'Failure', status: 'True', ...failure }, time)
    : withoutCondition(conditions, 'Failure');
}
