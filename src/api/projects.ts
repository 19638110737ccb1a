import { useWatchList } from '~/api/useWatch';
import { type KubernetesObject, nameOf } from '~/k8s/KubernetesObject';
import { namespaces, projects } from '~/k8s/models';
import type { Watched, WatchedRows } from '~/k8s/Watched';

export type ProjectRow = { name: string; terminating: boolean };

function toProjectRow({ metadata }: KubernetesObject): ProjectRow {
  return {
    name: metadata?.name ?? '',
    terminating: metadata?.deletionTimestamp !== undefined,
  };
}

/**
 * Names of the projects that the user may see: of all namespaces, or, where these may not be listed,
 * of OpenShift's projects, which everybody may list and which are one's own. Undefined while they are
 * not known, and where neither can be had.
 */
export function useProjectNames(isWanted: boolean): readonly string[] | undefined {
  const all = useWatchList(
    isWanted ? { model: namespaces, namespace: undefined, toRow: nameOf } : undefined,
  );
  const own = useWatchList(
    isWanted && all.state === 'error'
      ? { model: projects, namespace: undefined, toRow: nameOf }
      : undefined,
  );
  const known = all.state === 'ready' ? all : own;
  return known.state === 'ready' && known.data.complete ? known.data.rows : undefined;
}

/**
 * Live namespaces. On OpenShift an ordinary user may not list them; the error then says so, and the
 * project has to be chosen in the console's own project bar.
 */
export function useProjects(): Watched<WatchedRows<ProjectRow>> {
  return useWatchList({ model: namespaces, namespace: undefined, toRow: toProjectRow });
}
