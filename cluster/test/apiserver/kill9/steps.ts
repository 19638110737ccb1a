import type { ObjectStore, Write } from '../../../src/apiserver/storage/ObjectStore.ts';

export const resource = 'configmaps';
const namespace = 'default';

/** Every fifth step deletes the object, the one after it makes it anew, the others change it. */
const isThere = (step: number) => step > 0 && step % 5 !== 0;

export function nextStep(store: ObjectStore, name: string, step: number): Write | undefined {
  const previous = store.get(resource, namespace, name);
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, uid: name, resourceVersion: '', creationTimestamp: '' },
    data: { step, padding: 'x'.repeat((step * 97) % 6000) },
  };
  if (previous === undefined) return store.create(resource, object, '');
  if (isThere(step)) return store.replace(resource, previous, object, '');
  return store.remove(resource, previous, object);
}

/**
 * The step that a stored name has done, when that is `acknowledged` or the one after it, which may
 * have been on its way; undefined when the store holds anything else.
 */
export function stepFound(
  store: ObjectStore,
  name: string,
  acknowledged: number,
): number | undefined {
  const stored = store.get(resource, namespace, name)?.object['data'] as
    { step: number } | undefined;
  return [acknowledged, acknowledged + 1].find((step) =>
    isThere(step) ? stored?.step === step : stored === undefined,
  );
}
