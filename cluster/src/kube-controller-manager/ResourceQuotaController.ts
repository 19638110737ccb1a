import { quotaUsage, toResourceList } from '../apiserver/quota/quotaUsage.ts';
import { measuredResource } from '../apiserver/quota/usageOf.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, KubeObject, ObjectKey } from '../client/KubeClient.ts';
import { type ResourceQuota, resourceQuotas } from '../client/resources.ts';

interface Dependencies {
  client: KubeClient;
  resourceQuotas: Informer<ResourceQuota>;
  /** The objects of a resource in a namespace; nothing for what is not served. */
  objectsOf: (resource: { group: string; plural: string }, namespace: string) => KubeObject[];
}

/** Tells in the status of each ResourceQuota how much is used. Kubernetes: pkg/controller/resourcequota. */
export class ResourceQuotaController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const quota = this.#is.resourceQuotas.get(key);
    if (!quota || quota.metadata.deletionTimestamp) return;
    const hard = quota.spec?.hard ?? {};
    const usage = quotaUsage(quota, (resource) =>
      this.#is.objectsOf(resource, key.namespace ?? ''),
    );
    const status = { hard, used: toResourceList(usage) };
    if (JSON.stringify(status) === JSON.stringify(quota.status)) return;
    // A whole new status, so that a name that was taken out of `hard` goes.
    await ignoreGone(this.#is.client.updateStatus(resourceQuotas, { ...quota, status }));
  }

  /** The quotas whose numbers a change of such an object may change. */
  quotasFor(resource: { group: string; plural: string }, namespace: string): ObjectKey[] {
    return this.#is.resourceQuotas
      .list(namespace)
      .filter(({ spec }) =>
        Object.keys(spec?.hard ?? {}).some((name) => {
          const measured = measuredResource(name);
          return measured.group === resource.group && measured.plural === resource.plural;
        }),
      )
      .map(({ metadata }) => ({ namespace, name: metadata.name }));
  }
}
