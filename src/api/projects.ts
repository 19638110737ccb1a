import { useWatchList } from '~/api/useWatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { namespaces } from '~/k8s/models';
import type { Watched, WatchedRows } from '~/k8s/Watched';

export type ProjectRow = { name: string; terminating: boolean };

function toProjectRow({ metadata }: KubernetesObject): ProjectRow {
  return {
    name: metadata?.name ?? '',
    terminating: metadata?.deletionTimestamp !== undefined,
  };
}

/**
 * Live namespaces. On OpenShift an ordinary user may not list them; the error then says so, and the
 * project has to be chosen in the console's own project bar.
 */
export function useProjects(): Watched<WatchedRows<ProjectRow>> {
  return useWatchList({ model: namespaces, namespace: undefined, toRow: toProjectRow });
}
