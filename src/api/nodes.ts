import { useWatchList, useWatchObject } from '~/api/useWatch';
import { type KubernetesObject, nameOf } from '~/k8s/KubernetesObject';
import { kubeVirts, nodes } from '~/k8s/models';
import { dataOf, rowsOf } from '~/k8s/Watched';
import { type KubeVirtRow, kubeVirtRow, type NodeRow, nodeRow } from '~/kubevirt/create/nodeOffer';

/** A label of a node, live; undefined while it is not known, and for a node without name. */
export function useNodeLabel(node: string, label: string): string | undefined {
  const watched = useWatchObject<KubernetesObject>(
    node === '' ? undefined : { model: nodes, namespace: undefined, name: node },
  );
  return dataOf(watched)?.metadata?.labels?.[label];
}

/** Names of the nodes, live; none when the user may not see them. */
export function useNodeNames(): readonly string[] {
  const watched = useWatchList({ model: nodes, namespace: undefined, toRow: nameOf });
  return [...(rowsOf(watched) ?? [])].sort();
}

/** What the nodes have, live; undefined while it is not known, or when the user may not see them. */
export function useNodeRows(): readonly NodeRow[] | undefined {
  const watched = useWatchList({ model: nodes, namespace: undefined, toRow: nodeRow });
  return rowsOf(watched);
}

/** How KubeVirt is set up; undefined while it is not known, or when the user may not see it. */
export function useKubeVirt(): KubeVirtRow | undefined {
  const watched = useWatchList({ model: kubeVirts, namespace: undefined, toRow: kubeVirtRow });
  return rowsOf(watched)?.[0];
}
