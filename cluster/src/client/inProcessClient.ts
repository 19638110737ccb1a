import type { ApiContext, NamedTarget, Target } from '../apiserver/ApiContext.ts';
import { pathNotFound, qualifiedResource } from '../apiserver/ApiError.ts';
import { reviewAccess } from '../apiserver/auth/accessReviews.ts';
import { cloneJson, isObject } from '../apiserver/json.ts';
import type { UserInfo } from '../apiserver/auth/UserInfo.ts';
import { createObject } from '../apiserver/verbs/createObject.ts';
import { deleteObject } from '../apiserver/verbs/deleteObject.ts';
import { patchObject } from '../apiserver/verbs/patchObject.ts';
import { getObject, listObjects } from '../apiserver/verbs/readObjects.ts';
import { updateObject } from '../apiserver/verbs/updateObject.ts';
import { EventDelivery } from '../apiserver/verbs/EventDelivery.ts';
import { watchObjects } from '../apiserver/verbs/watchObjects.ts';
import type { Presented } from '../apiserver/ApiContext.ts';
import type { KubeClient, KubeObject, ObjectKey, ResourceRef, WatchEvent } from './KubeClient.ts';
import { deliverInTurn } from './deliverInTurn.ts';
import { subjectAccessReviews } from './resources.ts';

/**
 * A KubeClient that calls the API server without a socket, as `user`. Authorisation is not asked:
 * the caller is part of the control plane.
 *
 * `get`, `create`, `update` and `patch` return a copy that the caller may change, without the managed
 * fields. What `list` and `watch` hand out is shared with everyone and frozen: `structuredClone` it before changing it.
 */
export function inProcessClient(context: ApiContext, user: UserInfo): KubeClient {
  const target = (ref: ResourceRef, namespace: string | undefined): Target => {
    const resource = context.registry.find(ref.group, ref.version, ref.plural);
    if (resource === undefined) throw pathNotFound();
    return {
      resource,
      version: ref.version,
      namespace: resource.namespaced ? namespace : undefined,
      user,
      fieldManager: user.username.replace(/^.*:/, ''),
      warn: () => undefined,
    };
  };
  const named = (ref: ResourceRef, key: Partial<ObjectKey>, subresource = ''): NamedTarget => ({
    ...target(ref, key.namespace),
    name: key.name ?? '',
    subresource,
  });

  return {
    get: async (ref, key) => copy(ref, await getObject(context, named(ref, key))),
    list: async (ref, options = {}) => {
      const list = await listObjects(context, target(ref, options.namespace), options);
      return { resourceVersion: list.resourceVersion, items: list.items.map(shared<never>) };
    },
    create: async (ref, object, options = {}) => {
      if (qualifiedResource(ref) === qualifiedResource(subjectAccessReviews)) {
        const spec = 'spec' in object && isObject(object.spec) ? object.spec : {};
        return { ...object, ...(await reviewAccess(context.authorize, spec)) } as never;
      }
      const to = target(ref, object.metadata.namespace);
      return copy(ref, await createObject(context, to, object, options));
    },
    update: async (ref, object) =>
      copy(ref, await updateObject(context, named(ref, object.metadata), object, {})),
    updateStatus: async (ref, object) =>
      copy(ref, await updateObject(context, named(ref, object.metadata, 'status'), object, {})),
    patch: async (ref, key, patch, options = {}) => {
      const to = named(ref, key, options.subresource);
      const [type, body] =
        patch.type === 'json'
          ? ['application/json-patch+json', patch.operations]
          : ['application/merge-patch+json', patch.body];
      return copy(ref, await patchObject(context, to, type, body, {}));
    },
    delete: async (ref, key, options = {}) => {
      await deleteObject(context, named(ref, key), options);
    },
    watch: (ref, options, onEvent, onEnd) =>
      watch(context, () => target(ref, options.namespace), options, onEvent, onEnd),
  };
}

function watch<T extends KubeObject>(
  context: ApiContext,
  target: () => Target,
  options: {
    labelSelector?: string | undefined;
    fieldSelector?: string | undefined;
    resourceVersion: string;
  },
  onEvent: (event: WatchEvent<T>) => void,
  onEnd: (error?: Error) => void,
): () => void {
  const queue = deliverInTurn<WatchEvent<T>>(onEvent);
  try {
    const wanted = target();
    const opened = watchObjects(context, wanted, options);
    let ended = false;
    const end = (failure?: Error) => {
      queueMicrotask(() => {
        if (!ended) onEnd(failure);
      });
    };
    const delivery = new EventDelivery(
      wanted,
      (event) => {
        queue.push({ type: event.type, object: shared(event.object) });
      },
      (failure) => {
        stop();
        end(asError(failure));
      },
    );
    delivery.push(opened.initial);
    const stop = opened.listen(
      (event) => {
        delivery.push([event]);
      },
      () => {
        end();
      },
    );
    return () => {
      ended = true;
      stop();
      queue.close();
    };
  } catch (error) {
    const failure = asError(error);
    let ended = false;
    queueMicrotask(() => {
      if (!ended) onEnd(failure);
    });
    return () => {
      ended = true;
    };
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The type that the ResourceRef promises; the store holds what its kind's rules let in. */
function shared<T extends KubeObject>(presented: Presented): T {
  return presented.object as unknown as T;
}

function copy<T extends KubeObject>(_ref: ResourceRef<T>, presented: Presented): T {
  return cloneJson(presented.object) as unknown as T;
}
