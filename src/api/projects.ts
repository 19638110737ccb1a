import { useMemo } from 'react';

import { useWatchList } from '~/api/useWatch';
import { type KubernetesObject, nameOf } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import { namespaces, projects } from '~/k8s/models';

type ProjectRow = { name: string; terminating: boolean };

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
 * Names of the projects in which something new can be made, in order: those that are being deleted are
 * left out. Undefined while they are loading, and where they may not be listed, as by ordinary users on
 * OpenShift: these type a name, or choose the project in the console's own project bar.
 */
export function useProjectChoices(isWanted = true): {
  isLoading: boolean;
  names: readonly string[] | undefined;
} {
  const watched = useWatchList(
    isWanted ? { model: namespaces, namespace: undefined, toRow: toProjectRow } : undefined,
  );
  const rows = rowsOf(watched);
  const names = useMemo(
    () => rows?.flatMap((one) => (one.terminating ? [] : [one.name])).sort(),
    [rows],
  );
  return { isLoading: watched.state === 'loading', names };
}
