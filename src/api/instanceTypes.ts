import { useServed } from '~/api/discovery';
import { useWatchList } from '~/api/useWatch';
import {
  clusterInstancetypes,
  clusterPreferences,
  projectInstancetypes,
  projectPreferences,
} from '~/k8s/models';
import {
  type InstanceTypeRow,
  type PreferenceRow,
  toClusterInstanceTypeRow,
  toClusterPreferenceRow,
  toProjectInstanceTypeRow,
  toProjectPreferenceRow,
} from '~/kubevirt/create/instanceTypes';

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
      ? { model: clusterInstancetypes, namespace: all, toRow: toClusterInstanceTypeRow }
      : undefined,
  );
  const clusterOnes = useWatchList(
    isServed
      ? { model: clusterPreferences, namespace: all, toRow: toClusterPreferenceRow }
      : undefined,
  );
  const projectTypes = useWatchList(
    own ? { model: projectInstancetypes, namespace, toRow: toProjectInstanceTypeRow } : undefined,
  );
  const projectOnes = useWatchList(
    own ? { model: projectPreferences, namespace, toRow: toProjectPreferenceRow } : undefined,
  );
  return {
    isLoading:
      isServed === undefined ||
      (isServed && (clusterTypes.state === 'loading' || clusterOnes.state === 'loading')),
    types: [
      ...(projectTypes.state === 'ready' ? projectTypes.data.rows : []),
      ...(clusterTypes.state === 'ready' ? clusterTypes.data.rows : []),
    ],
    preferences: [
      ...(projectOnes.state === 'ready' ? projectOnes.data.rows : []),
      ...(clusterOnes.state === 'ready' ? clusterOnes.data.rows : []),
    ],
  };
}
