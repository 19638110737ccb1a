import type { Informer } from '../client/Informer.ts';
import type { KubeObject } from '../client/KubeClient.ts';
import type { Condition, Node, Pod, ReplicaSet } from '../client/resources.ts';
import type { Progress } from './workloadStatus.ts';

interface Known {
  replicaSets: Informer<ReplicaSet>;
  pods: Informer<Pod>;
  nodes: Informer<Node>;
  isComponent: (workload: KubeObject) => boolean;
}

/**
 * How far a component is, by its pods: one is ready when its kubelet says so and the node is Ready.
 * Undefined for workloads that are no part of this program.
 */
export function componentProgress(workload: KubeObject, known: Known): Progress | undefined {
  const { replicaSets, pods, nodes, isComponent } = known;
  const count = (desired: number, own: readonly Pod[]): Progress => {
    const living = own.filter(({ metadata }) => !metadata.deletionTimestamp);
    return { desired, current: living.length, ready: living.filter(works).length };
  };
  const works = ({ spec, status }: Pod) =>
    isReady(status) && isReady(nodes.get({ name: spec.nodeName ?? '' })?.status);
  const { uid } = workload.metadata;
  if (workload.kind === 'ReplicaSet') {
    const [owner] = workload.metadata.ownerReferences ?? [];
    if (!owner) return undefined;
    const { namespace = '' } = workload.metadata;
    const metadata = { ...workload.metadata, name: owner.name, namespace };
    if (!isComponent({ apiVersion: 'apps/v1', kind: owner.kind, metadata })) return undefined;
    return count(replicaSets.get(workload.metadata)?.spec.replicas ?? 1, pods.ownedBy(uid));
  }
  if (!isComponent(workload)) return undefined;
  if (workload.kind === 'DaemonSet') return count(nodes.list().length, pods.ownedBy(uid));
  const sets = replicaSets.ownedBy(uid);
  return count(
    1,
    sets.flatMap(({ metadata }) => pods.ownedBy(metadata.uid)),
  );
}

const isReady = (status: { conditions?: Condition[] } | undefined) =>
  status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true;
