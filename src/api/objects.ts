import { kubernetesRequest } from '~/console/http';
import { toFailure } from '~/k8s/errors';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { type Model, resourcePath } from '~/k8s/models';

export interface ObjectRef {
  /** '' or absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
}

/** One object as it is now, with its type. Rejects with what `toFailure` understands. */
export async function objectGet(
  model: Model,
  { namespace, name }: ObjectRef,
): Promise<KubernetesObject> {
  const path = resourcePath(model, { namespace: namespace || undefined, name });
  // The parse boundary: the server keeps to the schema of the model.
  return (await kubernetesRequest(path)) as KubernetesObject;
}

/** Creates an object; resolves with it as the server made it. Rejects with what `toFailure` understands. */
export async function objectCreate<T extends KubernetesObject>(
  model: Model,
  object: T,
): Promise<T> {
  const { namespace } = object.metadata ?? {};
  // The parse boundary: a creation is answered with the object.
  return (await kubernetesRequest(resourcePath(model, { namespace }), {
    method: 'POST',
    body: object,
  })) as T;
}

/** Deletes an object; one that is gone already is no failure. */
export async function objectDelete(model: Model, { namespace, name }: ObjectRef): Promise<void> {
  const path = resourcePath(model, { namespace: namespace || undefined, name });
  try {
    await kubernetesRequest(path, { method: 'DELETE' });
  } catch (error) {
    if (toFailure(error).status !== 404) throw error;
  }
}

/** Deletes several; gives those that could not be, each with the reason. Never rejects. */
export async function objectsDelete<Row extends ObjectRef>(
  rows: readonly Row[],
  modelOf: (row: Row) => Model,
): Promise<{ row: Row; detail: string }[]> {
  const refusals: { row: Row; detail: string }[] = [];
  for (const row of rows) {
    try {
      await objectDelete(modelOf(row), row);
    } catch (error) {
      refusals.push({ row, detail: toFailure(error).detail });
    }
  }
  return refusals;
}
