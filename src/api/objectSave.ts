import { kubernetesRequest } from '~/console/http';
import { toFailure } from '~/k8s/errors';
import { patchOf, sameJson } from '~/k8s/jsonPatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { type Conflict, mergeChanges } from '~/k8s/mergeChanges';
import { type Model, resourcePath } from '~/k8s/models';

/** Somebody else changed the same places meanwhile. */
export class SaveConflictError extends Error {
  constructor(
    /** The object as it is now. */
    readonly latest: KubernetesObject,
    /** The object as it is now, with my changes. */
    readonly merged: KubernetesObject,
    readonly conflicts: readonly Conflict[],
  ) {
    super('Somebody else has changed the same.');
    this.name = 'SaveConflictError';
  }
}

/** Others may write again and again; after so many attempts the user is told. */
const maxAttempts = 5;

/**
 * Saves the changes that make `mine` of `base`, and nothing else: fields that nobody touched stay as
 * they are on the server, also those that we do not know. Changes that others made elsewhere since
 * `base` was read are joined. Rejects with a SaveConflictError where they made them in the same places,
 * and else with what `toFailure` understands. With `dryRun` the server only checks.
 */
export async function objectSave<T extends KubernetesObject>(
  model: Model,
  base: T,
  mine: T,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<T> {
  const { namespace, name = '' } = base.metadata ?? {};
  const path = resourcePath(model, { namespace, name });
  let before = base;
  let after = mine;
  for (let attempt = 1; ; attempt += 1) {
    const patch = patchOf(before, after);
    if (patch.length === 0) return before;
    try {
      const saved = await kubernetesRequest(dryRun ? `${path}?dryRun=All` : path, {
        method: 'PATCH',
        body: patch,
      });
      // The parse boundary: a patch is answered with the object.
      return saved as T;
    } catch (error) {
      const { status } = toFailure(error);
      if ((status !== 422 && status !== 409) || attempt === maxAttempts) throw error;
      // The parse boundary, as above.
      const latest = (await kubernetesRequest(path)) as T;
      // Nobody wrote: the server refuses the values themselves.
      if (isSame(before, latest)) throw error;
      const { merged, conflicts } = mergeChanges(base, mine, latest);
      if (conflicts.length > 0) throw new SaveConflictError(latest, merged, conflicts);
      before = latest;
      after = merged;
    }
  }
}

function isSame(a: KubernetesObject, b: KubernetesObject): boolean {
  return a.metadata?.resourceVersion === b.metadata?.resourceVersion || sameJson(a, b);
}
