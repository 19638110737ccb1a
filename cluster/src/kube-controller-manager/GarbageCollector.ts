import { hasReason } from '../apiserver/ApiError.ts';
import type { AnyInformer } from '../client/Informer.ts';
import type {
  KubeClient,
  KubeObject,
  ObjectKey,
  OwnerReference,
  ResourceRef,
} from '../client/KubeClient.ts';
import { ignoreGone } from '../client/ignoreGone.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

/** Informers of all resources; they come and go with the definitions of users. */
export interface OwnerInformers extends Iterable<AnyInformer> {
  find(group: string, matches: (resource: ResourceRef) => boolean): AnyInformer | undefined;
}

/** The informer of an owner's kind; whichever version the owner is named in. */
export function ownerInformer(
  informers: OwnerInformers,
  { apiVersion, kind }: OwnerReference,
): AnyInformer | undefined {
  const [, group = ''] = apiVersion.split('/').reverse();
  return informers.find(group, (resource) => resource.kind === kind);
}

/**
 * Deletes objects whose owners are all gone, and completes foreground and orphan deletions. Knows the
 * resources that its informers watch. Kubernetes: pkg/controller/garbagecollector.
 */
export class GarbageCollector {
  readonly #client: KubeClient;
  readonly #informers: OwnerInformers;

  constructor(client: KubeClient, informers: OwnerInformers) {
    this.#client = client;
    this.#informers = informers;
  }

  /** An object changed: does it still have an owner? Is its own deletion complete? */
  async reconcile(informer: AnyInformer, key: ObjectKey): Promise<void> {
    const object = informer.get(key);
    if (!object) return;
    if (object.metadata.deletionTimestamp) return this.#complete(informer, object);
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0) return;
    const found = await Promise.all(owners.map((owner) => this.#owner(owner, key.namespace)));
    if (found.some((owner) => owner === 'there')) return;
    const blocked = found.includes('unknown');
    if (blocked) return;
    await ignoreGone(
      this.#client.delete(informer.resource, key, {
        preconditions: { uid: object.metadata.uid },
        // What waits for its dependents passes the wish on to them.
        propagationPolicy: found.includes('waiting') ? 'Foreground' : 'Background',
      }),
    );
  }

  /** Keys, by informer, of all that the object with this uid owned. */
  dependentsOf(uid: string): [AnyInformer, ObjectKey][] {
    return [...this.#informers].flatMap((informer) =>
      informer.ownedBy(uid).map(({ metadata }): [AnyInformer, ObjectKey] => [informer, metadata]),
    );
  }

  async #owner(
    owner: OwnerReference,
    namespace: string | undefined,
  ): Promise<'there' | 'gone' | 'waiting' | 'unknown'> {
    const informer = ownerInformer(this.#informers, owner);
    if (!informer) return 'unknown';
    const key = {
      namespace: informer.resource.namespaced ? namespace : undefined,
      name: owner.name,
    };
    try {
      // Asked of the server, because the local copy may not have the owner yet.
      const object = await this.#client.get(informer.resource, key);
      if (object.metadata.uid !== owner.uid) return 'gone';
      const waits =
        object.metadata.deletionTimestamp !== undefined &&
        object.metadata.finalizers?.includes(foreground);
      return waits ? 'waiting' : 'there';
    } catch (error) {
      if (hasReason(error, 'NotFound')) return 'gone';
      throw error;
    }
  }

  async #complete(informer: AnyInformer, object: KubeObject): Promise<void> {
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(orphan)) {
      for (const [of, key] of this.dependentsOf(object.metadata.uid)) {
        const dependent = of.get(key);
        const ownerReferences = dependent?.metadata.ownerReferences?.filter(
          ({ uid }) => uid !== object.metadata.uid,
        );
        await ignoreGone(
          this.#client.patch(of.resource, key, {
            type: 'merge',
            body: { metadata: { ownerReferences: ownerReferences ?? [] } },
          }),
        );
      }
      return this.#without(informer, object, orphan);
    }
    if (!finalizers.includes(foreground)) return;
    const blocking = this.dependentsOf(object.metadata.uid).filter(([of, key]) =>
      of
        .get(key)
        ?.metadata.ownerReferences?.some(
          ({ uid, blockOwnerDeletion }) => uid === object.metadata.uid && blockOwnerDeletion,
        ),
    );
    if (blocking.length === 0) await this.#without(informer, object, foreground);
  }

  async #without(informer: AnyInformer, object: KubeObject, finalizer: string): Promise<void> {
    const finalizers = object.metadata.finalizers?.filter((name) => name !== finalizer) ?? [];
    await ignoreGone(
      this.#client.patch(informer.resource, object.metadata, {
        type: 'merge',
        body: { metadata: { resourceVersion: object.metadata.resourceVersion, finalizers } },
      }),
    );
  }
}
