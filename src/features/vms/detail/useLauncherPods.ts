import { useWatchList } from '~/api/useWatch';
import { nameOf } from '~/k8s/KubernetesObject';
import { pods } from '~/k8s/models';

/** Names of the pods in which an instance runs: two while it migrates; none without a uid. */
export function useLauncherPods(namespace: string, vmiUid: string): readonly string[] {
  const watched = useWatchList(
    vmiUid === ''
      ? undefined
      : {
          model: pods,
          namespace,
          labelSelector: `kubevirt.io/created-by=${vmiUid}`,
          toRow: nameOf,
        },
  );
  return watched.state === 'ready' ? watched.data.rows : [];
}
