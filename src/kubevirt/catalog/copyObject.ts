import type { KubernetesObject } from '~/k8s/KubernetesObject';

/** Labels that say who ships and keeps an object, which a copy of it is not. */
const shipped = [
  /^app\.kubernetes\.io\//,
  /^instancetype\.kubevirt\.io\/(vendor|common-instancetypes-version|deprecated)$/,
  /^template\.kubevirt\.io\/(type|version|deprecated|request-uid)$/,
  /^operator-sdk\//,
];

/**
 * A new object that is like another one: without what the server keeps of the old, such as its uid and
 * status, and without the labels of who ships it.
 */
export function copyObject<T extends KubernetesObject>(object: T, name: string): T {
  const { metadata = {}, ...rest } = object;
  const { namespace, labels = {}, annotations = {} } = metadata;
  const kept = Object.fromEntries(
    Object.entries(labels).filter(([key]) => !shipped.some((pattern) => pattern.test(key))),
  );
  const notes = Object.fromEntries(
    Object.entries(annotations).filter(
      ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
    ),
  );
  const copy = {
    ...rest,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(Object.keys(kept).length > 0 && { labels: kept }),
      ...(Object.keys(notes).length > 0 && { annotations: notes }),
    },
  };
  Reflect.deleteProperty(copy, 'status');
  // The parse boundary: only metadata and status were touched.
  return copy as unknown as T;
}
