/** A condition as VirtualMachines, VirtualMachineInstances, Pods and DataVolumes carry it. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
  lastProbeTime?: string | null;
}

export function findCondition<C extends { type: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * The list with `next` in place of the condition of its type. `lastTransitionTime` moves only when the
 * status changes (Kubernetes API conventions); an equal condition leaves the list as it is.
 */
export function withCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  next: C,
  now: string,
): C[] {
  const list = [...(conditions ?? [])];
  const index = list.findIndex((condition) => condition.type === next.type);
  const before = list[index];
  if (!before) return [...list, { ...next, lastTransitionTime: now, lastProbeTime: null }];
  if (
    before.status === next.status &&
    before.reason === next.reason &&
    before.message === next.message
  ) {
    return list;
  }
  list[index] = {
    ...next,
    lastProbeTime: null,
    lastTransitionTime: before.status === next.status ? (before.lastTransitionTime ?? now) : now,
  };
  return list;
}

export function withoutCondition<C extends { type: string }>(
  conditions: readonly C[] | undefined,
  type: string,
): C[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}
