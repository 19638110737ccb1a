import type { Clock } from '../client/Clock.ts';
import { hasReason } from '../apiserver/ApiError.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { matchesSelector } from '../client/labelSelector.ts';
import {
  type Condition,
  type Pod,
  type PodDisruptionBudget,
  podDisruptionBudgets,
} from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';

interface Dependencies {
  client: KubeClient;
  podDisruptionBudgets: Informer<PodDisruptionBudget>;
  pods: Informer<Pod>;
  clock: Clock;
}

/**
 * Tells how many of a budget's pods may be disrupted now. Kubernetes: pkg/controller/disruption (1.33).
 * Each pod counts for itself: the pods of this cluster have no controller with a scale.
 */
export class PodDisruptionBudgetController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const budget = this.#is.podDisruptionBudgets.get(key);
    if (!budget || budget.metadata.deletionTimestamp) return;
    const pods = this.#is.pods
      .list(key.namespace)
      .filter(({ metadata }) => matchesSelector(budget.spec?.selector, metadata.labels));
    const disrupted = stillToGo(budget, pods, this.#is.clock.now());
    const counts = countPods(budget, pods, disrupted);
    const allowed = counts.disruptionsAllowed > 0;
    const before = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
    const condition: Condition = {
      type: 'DisruptionAllowed',
      status: allowed ? 'True' : 'False',
      reason: allowed ? 'SufficientPods' : 'InsufficientPods',
      message: '',
      observedGeneration: budget.metadata.generation ?? 1,
      lastTransitionTime:
        (before?.status === (allowed ? 'True' : 'False') && before.lastTransitionTime) ||
        timestamp(this.#is.clock.now()),
    };
    const status = {
      ...counts,
      observedGeneration: budget.metadata.generation ?? 1,
      conditions: [condition],
      ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    };
    if (JSON.stringify(status) === JSON.stringify(budget.status)) return;
    try {
      await this.#is.client.updateStatus(podDisruptionBudgets, { ...budget, status });
    } catch (error) {
      // An eviction has taken from it: that change comes, and with it this function.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
    }
  }
}

/** An eviction that was granted counts until its pod is seen to go, 2 minutes at most. */
const disruptedMs = 120_000;

function stillToGo(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  now: number,
): Record<string, string> {
  const known = Object.entries(status?.disruptedPods ?? {}).filter(
    ([name, at]) =>
      Date.parse(at) + disruptedMs > now &&
      pods.some(({ metadata }) => metadata.name === name && !metadata.deletionTimestamp),
  );
  return Object.fromEntries(known);
}

function countPods(
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
  disrupted: Record<string, string>,
) {
  const expectedPods = pods.length;
  const currentHealthy = pods.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      disrupted[metadata.name] === undefined &&
      status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
  ).length;
  const desiredHealthy =
    spec?.maxUnavailable === undefined
      ? scaled(spec?.minAvailable ?? 0, expectedPods)
      : Math.max(0, expectedPods - scaled(spec.maxUnavailable, expectedPods));
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods };
}

/** A number, or a percentage of all, rounded up. */
function scaled(value: number | string, all: number): number {
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? Math.ceil((Number.parseInt(value, 10) * all) / 100) : Number(value);
}
