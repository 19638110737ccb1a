import type { Pod } from '../../client/resources.ts';
import type { VirtualMachineInstance } from '../resources.ts';
import { type Condition, findCondition, withCondition } from './conditions.ts';
import { timestamp } from '../../client/timestamp.ts';

type Status = NonNullable<VirtualMachineInstance['status']>;

/** The status of a VMI that enters `phase` now. */
export function enterPhase(vmi: VirtualMachineInstance, phase: string, now: number): Status {
  const status = vmi.status ?? {};
  if (status.phase === phase) return status;
  return {
    ...status,
    phase,
    phaseTransitionTimestamps: [
      ...(status.phaseTransitionTimestamps ?? []),
      { phase, phaseTransitionTimestamp: timestamp(now) },
    ],
  };
}

/**
 * The VMI's conditions with Ready as it follows from its pod and phase (KubeVirt section 3.5: the pod's
 * own Ready reason once the guest runs).
 */
export function readyCondition(status: Status, pod: Pod, now: string): Condition[] {
  return withCondition<Condition>(status.conditions, readyOf(status, pod), now);
}

function readyOf(status: Status, pod: Pod): Condition {
  const notReady = (reason: string, message: string): Condition => ({
    type: 'Ready',
    status: 'False',
    reason,
    message,
  });
  if (pod.metadata.deletionTimestamp) {
    return notReady('PodTerminating', 'virt-launcher pod is terminating');
  }
  if (status.phase !== 'Running') {
    return notReady('GuestNotRunning', 'Guest VM is not reported as running');
  }
  const ready = findCondition(pod.status?.conditions, 'Ready');
  if (!ready) {
    return notReady('PodConditionMissing', 'virt-launcher pod is missing the Ready condition');
  }
  const { reason, message } = ready;
  return {
    type: 'Ready',
    status: ready.status,
    ...(reason && { reason }),
    ...(message && { message }),
  };
}
