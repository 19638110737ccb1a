import { useProjectNames } from '~/api/projects';
import { useWatchList } from '~/api/useWatch';
import { virtualMachines } from '~/k8s/models';
import { toTypeUser, type TypeUser } from '~/kubevirt/catalog/typeRows';

/**
 * The VMs that the user may see, with the instance types and preferences that they name; undefined
 * while they are not known or may not be seen. `isPartial`: there may be others in other projects.
 */
export function useTypeUsers(): { users: readonly TypeUser[] | undefined; isPartial: boolean } {
  const query = { model: virtualMachines, namespace: undefined, toRow: toTypeUser };
  const all = useWatchList(query);
  const isRefused = all.state === 'error' && all.error.status === 403;
  const names = useProjectNames(isRefused);
  const own = useWatchList(
    isRefused && names && names.length > 0 ? { ...query, namespaces: names } : undefined,
  );
  const list = isRefused ? own : all;
  return {
    users: list.state === 'ready' && list.data.complete ? list.data.rows : undefined,
    isPartial: isRefused,
  };
}
