import { hasReason } from '../apiserver/ApiError.ts';
import type { AnyInformer, Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type Namespace, namespaces } from '../client/resources.ts';

interface Dependencies {
  client: KubeClient;
  namespaces: Informer<Namespace>;
  /** Informers of all namespaced resources. */
  contents: readonly AnyInformer[];
}

/** Empties a namespace that is being deleted, then lets it go. */
export class NamespaceController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const namespace = this.#is.namespaces.get(key);
    if (!namespace?.metadata.deletionTimestamp) return {};
    let left = 0;
    for (const informer of this.#is.contents) {
      for (const object of informer.list(key.name)) {
        left++;
        if (object.metadata.deletionTimestamp) continue;
        try {
          await this.#is.client.delete(informer.resource, object.metadata);
        } catch (error) {
          if (!hasReason(error, 'NotFound')) throw error;
        }
      }
    }
    if (left > 0) return { requeueAfterMs: 200 };
    // The subresource finalize of Kubernetes: the namespace goes with its last finalizer.
    await this.#is.client.patch(namespaces, key, {
      type: 'merge',
      body: { spec: { finalizers: [] } },
    });
    return {};
  }
}
