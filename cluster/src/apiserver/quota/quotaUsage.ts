import type { KubeObject } from '../../client/KubeClient.ts';
import type { ResourceList, ResourceQuota } from '../../client/resources.ts';
import { qualifiedResource, type ResourceName } from '../ApiError.ts';
import { add, formatAmount, zero } from './Amount.ts';
import { inScope } from './quotaScopes.ts';
import { measuredResource, type Usage, usageOf } from './usageOf.ts';

/** The objects of one resource in the quota's namespace. */
export type ObjectsOf = (resource: ResourceName) => readonly KubeObject[];

/** What is used of the names given, those of `spec.hard` when none are. */
export function quotaUsage(
  quota: ResourceQuota,
  objectsOf: ObjectsOf,
  names: readonly string[] = Object.keys(quota.spec?.hard ?? {}),
): Usage {
  const used: Usage = new Map(names.map((name) => [name, zero]));
  const resources = new Map(
    names.map((name) => {
      const resource = measuredResource(name);
      return [qualifiedResource(resource), resource];
    }),
  );
  for (const resource of resources.values()) {
    for (const object of objectsOf(resource)) {
      if (!inScope(quota, object)) continue;
      for (const [name, amount] of usageOf(resource, object)) {
        const sum = used.get(name);
        if (sum !== undefined) used.set(name, add(sum, amount));
      }
    }
  }
  return used;
}

export function toResourceList(usage: Usage): ResourceList {
  return Object.fromEntries([...usage].map(([name, amount]) => [name, formatAmount(amount)]));
}
