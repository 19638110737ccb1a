import { hasReason } from '../apiserver/ApiError.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type Namespace, type ServiceAccount, serviceAccounts } from '../client/resources.ts';

interface Dependencies {
  client: KubeClient;
  namespaces: Informer<Namespace>;
  serviceAccounts: Informer<ServiceAccount>;
}

/** Every namespace has a ServiceAccount `default`. Kubernetes: pkg/controller/serviceaccount. */
export class ServiceAccountController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** `key` is that of a namespace. */
  async reconcile(key: ObjectKey): Promise<void> {
    const namespace = this.#is.namespaces.get(key);
    if (!namespace || namespace.metadata.deletionTimestamp) return;
    const account = { namespace: key.name, name: 'default' };
    if (this.#is.serviceAccounts.get(account)) return;
    try {
      await this.#is.client.create(serviceAccounts, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: account,
      });
    } catch (error) {
      // It is there already, or its namespace is going.
      const expected = ['AlreadyExists', 'NotFound', 'Forbidden'] as const;
      if (!expected.some((reason) => hasReason(error, reason))) throw error;
    }
  }
}
