import { useServed } from '~/api/discovery';
import { useWatchList } from '~/api/useWatch';
import { rowsOf } from '~/k8s/Watched';
import {
  clusterInstancetypes,
  clusterPreferences,
  projectInstancetypes,
  projectPreferences,
} from '~/k8s/models';
import {
  type InstanceTypeRow,
  type PreferenceRow,
  toClusterInstanceType,
  toClusterPreference,
  toProjectInstanceType,
  toProjectPreference,
} from '~/kubevirt/catalog/typeRows';

export interface InstanceTypes {
  isLoading: boolean;
  types: readonly InstanceTypeRow[];
  preferences: readonly PreferenceRow[];
}

/** Instance types and preferences that a VM of a project may name: the cluster's and the project's own. */
export function useInstanceTypes(namespace: string): InstanceTypes {
  const isServed = useServed(clusterInstancetypes);
  const own = isServed === true && namespace !== '';
  const all = undefined;
  const clusterTypes = useWatchList(
    isServed
      ? { model: clusterInstancetypes, namespace: all, toRow: toClusterInstanceType }
      : undefined,
  );
  const clusterOnes = useWatchList(
    isServed
      ? { model: clusterPreferences, namespace: all, toRow: toClusterPreference }
      : undefined,
  );
  const projectTypes = useWatchList(
    own ? { model: projectInstancetypes, namespace, toRow: toProjectInstanceType } : undefined,
  );
  const projectOnes = useWatchList(
    own ? { model: projectPreferences, namespace, toRow: toProjectPreference } : undefined,
  );
  return {
    isLoading:
      isServed === undefined ||
      (isServed && (clusterTypes.state === 'loading' || clusterOnes.state === 'loading')),
    types: [...(rowsOf(projectTypes) ?? []), ...(rowsOf(clusterTypes) ?? [])],
    preferences: [...(rowsOf(projectOnes) ?? []), ...(rowsOf(clusterOnes) ?? [])],
  };
}
