import type { KubeObject } from '../../client/KubeClient.ts';
import type { Pod, ResourceQuota } from '../../client/resources.ts';
import type { ApiContext, Target } from '../ApiContext.ts';
import { forbidden, qualifiedResource } from '../ApiError.ts';
import { add, formatAmount, parseAmount, subtract, zero } from './Amount.ts';
import { inScope } from './quotaScopes.ts';
import { quotaUsage } from './quotaUsage.ts';
import { type Usage, usageOf } from './usageOf.ts';

/** Names of which every container has to say what it takes, when a quota limits them. */
const mustBeGiven = [
  'cpu',
  'limits.cpu',
  'limits.memory',
  'memory',
  'requests.cpu',
  'requests.memory',
];

/**
 * Refuses what would exceed a ResourceQuota of its namespace: 403 in the words of Kubernetes' plugin
 * (staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota, 1.33). It counts what is stored and
 * does not wait for anything, so that nothing can come between the count and the write that follows.
 */
export function enforceQuotas(
  context: ApiContext,
  target: Target,
  object: KubeObject,
  before: KubeObject | undefined,
): void {
  const { namespace, resource } = target;
  if (namespace === undefined) return;
  for (const { object: stored } of context.store.list('resourcequotas', namespace)) {
    // The store keeps quotas alone under this name.
    const quota = stored as ResourceQuota;
    if (!inScope(quota, object)) continue;
    if (before === undefined && resource.group === '' && resource.plural === 'pods') {
      requireGiven(target, quota, object as Pod);
    }
    enforceQuota(context, target, quota, object.metadata.name, growth(target, object, before));
  }
}

/** What the write adds: all of a new object, the difference of a changed one. */
function growth({ resource }: Target, object: KubeObject, before: KubeObject | undefined): Usage {
  const old = before === undefined ? undefined : usageOf(resource, before);
  const grown = [...usageOf(resource, object)].map(
    ([name, amount]) => [name, subtract(amount, old?.get(name) ?? zero)] as const,
  );
  return new Map(grown.filter(([, { milli }]) => milli > 0n));
}

function enforceQuota(
  context: ApiContext,
  target: Target,
  quota: ResourceQuota,
  name: string,
  grown: Usage,
): void {
  const hard = quota.spec?.hard ?? {};
  const names = [...grown.keys()].filter((name) => hard[name] !== undefined).sort();
  if (names.length === 0) return;
  const used = quotaUsage(
    quota,
    (resource) =>
      context.store
        .list(qualifiedResource(resource), target.namespace)
        .map((stored) => stored.object),
    names,
  );
  const exceeded = names.filter((one) => {
    const limit = parseAmount(hard[one] ?? '');
    const next = add(used.get(one) ?? zero, grown.get(one) ?? zero);
    return limit !== undefined && next.milli > limit.milli;
  });
  if (exceeded.length === 0) return;
  const list = (text: (name: string) => string) =>
    exceeded.map((name) => `${name}=${text(name)}`).join(',');
  const why =
    `exceeded quota: ${quota.metadata.name}` +
    `, requested: ${list((name) => formatAmount(grown.get(name) ?? zero))}` +
    `, used: ${list((name) => formatAmount(used.get(name) ?? zero))}` +
    `, limited: ${list((name) => formatAmount(parseAmount(hard[name] ?? '') ?? zero))}`;
  throw forbidden(target.resource, name, why);
}

function requireGiven(target: Target, quota: ResourceQuota, pod: Pod): void {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const missing = mustBeGiven
    .filter((name) => quota.spec?.hard?.[name] !== undefined)
    .flatMap((name) => {
      const resource = name.split('.').at(-1) ?? '';
      const without = containers.filter(({ resources }) => {
        const limit = resources?.limits?.[resource];
        return (
          (name.startsWith('limits.') ? limit : (resources?.requests?.[resource] ?? limit)) ===
          undefined
        );
      });
      const names = without.map((container) => container.name).sort();
      return names.length === 0 ? [] : [`${name} for: ${names.join(',')}`];
    });
  if (missing.length === 0) return;
  const why = `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`;
  throw forbidden(target.resource, pod.metadata.name, why);
}
