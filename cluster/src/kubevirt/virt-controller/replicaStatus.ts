import { labelSelectorText, type LabelSelector } from '../../client/labelSelector.ts';
import { type Condition, findCondition, withCondition, withoutCondition } from './conditions.ts';

/** Why a set is not as large as it should be: in its condition ReplicaFailure. */
export interface ReplicaFailure {
  reason: string;
  message: string;
}

/** What replica sets and pools have in common. */
interface ReplicaOwner {
  spec: { paused?: boolean; selector: LabelSelector };
  status?: { conditions?: Condition[] };
}

/** Is the object ready by its own condition? */
export const isReady = ({ status }: { status?: { conditions?: Condition[] } }): boolean =>
  findCondition(status?.conditions, 'Ready')?.status === 'True';

/** `paused` or `resumed` in the pass in which that becomes true. */
export function pauseChange({ spec, status }: ReplicaOwner): 'paused' | 'resumed' | undefined {
  const wasPaused = findCondition(status?.conditions, 'ReplicaPaused') !== undefined;
  if ((spec.paused === true) === wasPaused) return undefined;
  return wasPaused ? 'resumed' : 'paused';
}

/** The status of a set with these members. `now` is RFC 3339. */
export function replicaStatus(
  { spec, status }: ReplicaOwner,
  members: readonly Parameters<typeof isReady>[0][],
  failure: ReplicaFailure | undefined,
  now: string,
) {
  const paused = {
    ...{ type: 'ReplicaPaused', status: 'True', reason: 'Paused' },
    message: 'Controller got paused',
  };
  const before = status?.conditions;
  const conditions = spec.paused
    ? withCondition(before, paused, now)
    : withoutCondition(before, 'ReplicaPaused');
  return {
    ...status,
    replicas: members.length,
    readyReplicas: members.filter(isReady).length,
    labelSelector: labelSelectorText(spec.selector),
    conditions: failure
      ? withCondition(conditions, { type: 'ReplicaFailure', status: 'True', ...failure }, now)
      : withoutCondition(conditions, 'ReplicaFailure'),
  };
}
