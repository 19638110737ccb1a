import { timestamp } from '../../client/timestamp.ts';
import type { DeleteOptions, KubeClient } from '../../client/KubeClient.ts';
import { matchesSelector } from '../../client/labelSelector.ts';
import {
  type Pod,
  type PodDisruptionBudget,
  podDisruptionBudgets,
  pods,
} from '../../client/resources.ts';
import { ApiError, badRequest, hasReason, notFound } from '../ApiError.ts';
import type { ApiRequest, ConnectSubresource } from '../ResourceDefinition.ts';

/** A webhook on evictions: throws to refuse the one of this pod. */
export type EvictionWebhook = (
  pod: Pod,
  how: { client: KubeClient; dryRun: boolean },
) => Promise<void>;

interface Eviction {
  metadata?: { name?: string };
  deleteOptions?: DeleteOptions & { dryRun?: string[] };
}

const violation = "Cannot evict pod as it would violate the pod's disruption budget.";

/**
 * `pods/eviction`: deletes a pod unless a webhook or its disruption budget forbids it now. Kubernetes:
 * pkg/registry/core/pod/storage/eviction.go (1.33).
 */
export function podEviction(webhook?: EvictionWebhook): ConnectSubresource {
  return {
    verbs: ['create'],
    kind: 'Eviction',
    groupVersion: { group: 'policy', version: 'v1' },
    async handler(request) {
      const { name = '' } = request.params;
      const eviction = (request.body ?? {}) as Eviction;
      const named = eviction.metadata?.name ?? '';
      if (named !== '' && named !== name) {
        throw badRequest('name in URL does not match name in Eviction object');
      }
      const { dryRun: dryRunOf = [], ...options } = eviction.deleteOptions ?? {};
      const dryRun = dryRunOf.includes('All') || request.query.getAll('dryRun').includes('All');
      const pod = await podOf(request, name);
      await webhook?.(pod, { client: request.client, dryRun });
      await evict(request.client, pod, options, dryRun);
      return {
        code: 201,
        json: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
      };
    },
  };
}

async function podOf({ client, params }: ApiRequest, name: string): Promise<Pod> {
  try {
    return await client.get(pods, { namespace: params['namespace'], name });
  } catch (error) {
    throw hasReason(error, 'NotFound') ? notFound(pods, name) : error;
  }
}

async function evict(
  client: KubeClient,
  pod: Pod,
  options: DeleteOptions,
  dryRun: boolean,
): Promise<void> {
  if (!isDisruptedAnyway(pod)) await spendBudget(client, pod, dryRun);
  if (dryRun) return;
  await markDisrupted(client, pod);
  await client.delete(pods, pod.metadata, options);
}

/** A pod that has not begun, has ended or is going costs no budget. */
const isDisruptedAnyway = ({ metadata, status }: Pod) =>
  metadata.deletionTimestamp !== undefined ||
  ['Pending', 'Succeeded', 'Failed'].includes(status?.phase ?? 'Pending');

async function spendBudget(client: KubeClient, pod: Pod, dryRun: boolean): Promise<void> {
  const { namespace, labels } = pod.metadata;
  for (;;) {
    const { items } = await client.list(podDisruptionBudgets, { namespace });
    const [budget, second] = items.filter(({ spec }) => matchesSelector(spec?.selector, labels));
    if (!budget) return;
    if (second) {
      throw new ApiError(
        500,
        'InternalError',
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
    }
    if (needsNoBudget(pod, budget)) return;
    refuseWhatViolates(budget);
    if (dryRun) return;
    try {
      await client.updateStatus(podDisruptionBudgets, spent(budget, pod));
      return;
    } catch (error) {
      // Somebody else has taken from it, or it was just counted anew.
      if (!hasReason(error, 'Conflict')) throw error;
    }
  }
}

/** The budget protects pods that are Ready; others only as far as its policy says. */
function needsNoBudget(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  const isReady = pod.status?.conditions?.some(
    ({ type, status: value }) => type === 'Ready' && value === 'True',
  );
  if (isReady) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

function refuseWhatViolates({ metadata, status }: PodDisruptionBudget): void {
  const refuse = (message: string, retryAfterSeconds?: number) =>
    new ApiError(429, 'TooManyRequests', violation, {
      causes: [{ reason: 'DisruptionBudget', message }],
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 1)) {
    throw refuse(
      `The disruption budget ${metadata.name} is still being processed by the server.`,
      10,
    );
  }
  if ((status?.disruptionsAllowed ?? 0) > 0) return;
  throw refuse(
    `The disruption budget ${metadata.name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`,
  );
}

function spent(budget: PodDisruptionBudget, pod: Pod): PodDisruptionBudget {
  const { status } = budget;
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: (status?.disruptionsAllowed ?? 0) - 1,
      disruptedPods: { ...status?.disruptedPods, [pod.metadata.name]: timestamp(Date.now()) },
    },
  };
}

/** The condition DisruptionTarget, by which its owner sees why the pod goes. */
async function markDisrupted(client: KubeClient, pod: Pod): Promise<void> {
  const conditions = [
    ...(pod.status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget'),
    {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
      lastTransitionTime: timestamp(Date.now()),
    },
  ];
  await client.patch(
    pods,
    pod.metadata,
    { type: 'merge', body: { status: { conditions } } },
    { subresource: 'status' },
  );
}
