/** The part that all Kubernetes objects have in common; what the server really sends may be more. */
export type KubernetesObject = {
  apiVersion?: string;
  kind?: string;
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: { [key: string]: string };
    annotations?: { [key: string]: string };
  };
};

/** The name, the row of those who need no more. */
export function nameOf({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

/** Identity of an object over its life: a deleted and recreated one has another key. */
export function objectKey(object: KubernetesObject): string {
  const { uid, namespace = '', name = '' } = object.metadata ?? {};
  return uid ?? `${namespace}/${name}`;
}
