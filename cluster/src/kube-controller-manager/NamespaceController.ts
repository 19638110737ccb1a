import { ignoreGone } from '../client/ignoreGone.ts';
import type { Clock } from '../client/Clock.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey, ResourceRef } from '../client/KubeClient.ts';
import { type Condition, type Namespace, namespaces } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';

interface Dependencies {
  client: KubeClient;
  namespaces: Informer<Namespace>;
  /** Everything that is served at the moment. */
  resources: () => readonly ResourceRef[];
  clock: Clock;
}

/** What is still there of one resource. */
interface Remainder {
  resource: ResourceRef;
  count: number;
  finalizers: readonly string[];
}

/**
 * Empties a namespace that is being deleted, then lets it go; meanwhile its conditions tell what is left.
 * Kubernetes: pkg/controller/namespace/deletion (1.33).
 */
export class NamespaceController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const namespace = this.#is.namespaces.get(key);
    if (!namespace?.metadata.deletionTimestamp) return {};
    const left: Remainder[] = [];
    for (const resource of this.#is.resources()) {
      if (!resource.namespaced) continue;
      const found = await this.#empty(resource, key.name);
      if (found.count > 0) left.push(found);
    }
    if (left.length > 0) {
      await this.#tell(namespace, left);
      return { requeueAfterMs: 200 };
    }
    // The subresource finalize of Kubernetes: the namespace goes with its last finalizer.
    await ignoreGone(
      this.#is.client.patch(namespaces, key, {
        type: 'merge',
        body: { spec: { finalizers: [] } },
      }),
    );
    return {};
  }

  /** Deletes what is there of one resource, and counts what only waits for its finalizers or its grace. */
  async #empty(resource: ResourceRef, namespace: string): Promise<Remainder> {
    const { items } = await this.#is.client.list(resource, { namespace });
    for (const { metadata } of items) {
      if (metadata.deletionTimestamp === undefined) {
        await ignoreGone(this.#is.client.delete(resource, metadata));
      }
    }
    const after =
      items.length === 0 ? items : (await this.#is.client.list(resource, { namespace })).items;
    return {
      resource,
      count: after.length,
      finalizers: after.flatMap(({ metadata }) => metadata.finalizers ?? []),
    };
  }

  async #tell(namespace: Namespace, left: readonly Remainder[]): Promise<void> {
    const now = timestamp(this.#is.clock.now());
    const conditions = deletionConditions(left).map((condition) => {
      const before = namespace.status?.conditions?.find(({ type }) => type === condition.type);
      const same = before?.status === condition.status && before.lastTransitionTime;
      return { ...condition, lastTransitionTime: same || now };
    });
    if (JSON.stringify(conditions) === JSON.stringify(namespace.status?.conditions)) return;
    await ignoreGone(
      this.#is.client.patch(
        namespaces,
        namespace.metadata,
        { type: 'merge', body: { status: { conditions } } },
        { subresource: 'status' },
      ),
    );
  }
}

/** The conditions that Kubernetes keeps while a namespace goes; the first three tell of its own trouble. */
function deletionConditions(left: readonly Remainder[]): Condition[] {
  const remaining = left
    .map(({ resource: { plural, group }, count }) => {
      const name = group === '' ? `${plural}.` : `${plural}.${group}`;
      return `${name} has ${count} resource instances`;
    })
    .join(', ');
  const finalizers = new Map<string, number>();
  for (const name of left.flatMap((one) => one.finalizers)) {
    finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
  }
  const waiting = [...finalizers]
    .map(([name, count]) => `${name} in ${count} resource instances`)
    .join(', ');
  const fine = (type: string, reason: string, message: string): Condition => ({
    type,
    status: 'False',
    reason,
    message,
  });
  return [
    fine(
      'NamespaceDeletionDiscoveryFailure',
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    fine(
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    fine(
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${remaining}`,
    },
    waiting === ''
      ? fine(
          'NamespaceFinalizersRemaining',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        )
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${waiting}`,
        },
  ];
}
