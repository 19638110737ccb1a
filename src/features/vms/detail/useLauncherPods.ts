import { useWatchList } from '~/api/useWatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { pods } from '~/k8s/models';

function podName({ metadata }: KubernetesObject): string {
  return metadata?.name ?? '';
}

/** Names of the pods in which an instance runs: two while it migrates. */
export function useLauncherPods(namespace: string, vmiUid: string | undefined): readonly string[] {
  const watched = useWatchList(
    vmiUid === undefined
      ? undefined
      : {
          model: pods,
          namespace,
          labelSelector: `kubevirt.io/created-by=${vmiUid}`,
          toRow: podName,
        },
  );
  return watched.state === 'ready' ? watched.data.rows : [];
}
