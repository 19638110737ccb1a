import { useServed } from '~/api/discovery';
import { useWatchList } from '~/api/useWatch';
import { networkAttachmentDefinitions } from '~/k8s/models';
import { rowsOf } from '~/k8s/Watched';
import { type NetworkRow, networkRow } from '~/kubevirt/networkRow';

/** The project whose networks Multus gives to all others. */
const sharedNamespace = 'default';

export interface NetworkChoices {
  /** As a VM of the project names them: `name`, or `default/name` for one that all projects share. */
  names: readonly string[];
  /** Those of them that are user-defined networks of OVN-Kubernetes. */
  userDefined: ReadonlySet<string>;
  /** The user-defined network that is the pod network of the project; undefined where none is. */
  primary: string | undefined;
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
  const own = useWatchList(isOwnAsked ? { model, namespace, toRow: networkRow } : undefined);
  const isShared = isServed && namespace !== sharedNamespace;
  const shared = useWatchList(
    isShared ? { model, namespace: sharedNamespace, toRow: networkRow } : undefined,
  );
  const ofOwn = rowsOf(own) ?? [];
  const ofShared = rowsOf(shared) ?? [];
  const rows = [
    ...sorted(ofOwn),
    ...sorted(ofShared).map((row) => ({ ...row, name: `${sharedNamespace}/${row.name}` })),
  ].filter(({ isPrimary }) => !isPrimary);
  return {
    names: rows.map(({ name }) => name),
    userDefined: new Set(rows.flatMap(({ name, isUserDefined }) => (isUserDefined ? [name] : []))),
    primary: ofOwn.find(({ isPrimary }) => isPrimary)?.name,
    error: own.state === 'error' ? own.error.detail : undefined,
  };
}

/** The user-defined network that is the pod network of a project; undefined where none is, or none is known. */
export function usePrimaryNetwork(namespace: string): string | undefined {
  const isServed = useServed(networkAttachmentDefinitions) === true;
  return useNetworkChoices(namespace, isServed).primary;
}

function sorted(rows: readonly NetworkRow[]): NetworkRow[] {
  return [...rows].sort((a, b) => a.name.localeCompare(b.name));
}
