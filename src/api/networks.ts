import { useWatchList } from '~/api/useWatch';
import { nameOf } from '~/k8s/KubernetesObject';
import { rowsOf } from '~/k8s/Watched';
import { networkAttachmentDefinitions } from '~/k8s/models';

/** The project whose networks Multus gives to all others. */
const sharedNamespace = 'default';

export interface NetworkChoices {
  /** As a VM of the project names them: `name`, or `default/name` for one that all projects share. */
  names: readonly string[];
  /** Why those of the project cannot be read: they are then to be typed. */
  error: string | undefined;
}

/**
 * The NetworkAttachmentDefinitions that VMs of a project may use, sorted: its own, then those of `default`
 * where the user may see them. `isServed` false asks for none: the cluster has no such kind.
 */
export function useNetworkChoices(namespace: string, isServed: boolean): NetworkChoices {
  const model = networkAttachmentDefinitions;
  const isOwnAsked = isServed && namespace !== '';
  const own = useWatchList(isOwnAsked ? { model, namespace, toRow: nameOf } : undefined);
  const isShared = isServed && namespace !== sharedNamespace;
  const shared = useWatchList(
    isShared ? { model, namespace: sharedNamespace, toRow: nameOf } : undefined,
  );
  const ofOwn = [...(rowsOf(own) ?? [])].sort();
  const ofShared = [...(rowsOf(shared) ?? [])].sort();
  return {
    names: [...ofOwn, ...ofShared.map((name) => `${sharedNamespace}/${name}`)],
    error: own.state === 'error' ? own.error.detail : undefined,
  };
}
