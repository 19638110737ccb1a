import type { Node, Pod } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';

export type Placement = { node: string } | { unschedulable: string };

interface Requests {
  cpu: number;
  memory: number;
}

/** Objects of the API are never changed in place, so what one asks for is worked out once. */
const known = new WeakMap<Pod, Requests>();

/** What a pod's containers ask for together: cores and bytes. */
function podRequests(pod: Pod): Requests {
  let requests = known.get(pod);
  if (!requests) known.set(pod, (requests = sumRequests(pod)));
  return requests;
}

function sumRequests(pod: Pod): Requests {
  const total = { cpu: 0, memory: 0 };
  for (const container of pod.spec.containers) {
    const requests = container.resources?.requests;
    total.cpu += parseQuantity(requests?.cpu ?? '0') ?? 0;
    total.memory += parseQuantity(requests?.memory ?? '0') ?? 0;
  }
  return total;
}

const isDone = (pod: Pod) => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

const isReady = (node: Node) =>
  node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ??
  false;

/**
 * The first reason why the pod cannot run on the node, in the words of kube-scheduler's plugins;
 * undefined when it can.
 */
function obstacle(pod: Pod, node: Node, used: Requests, pods: number): string | undefined {
  const taint = node.spec?.taints?.find(
    ({ key, effect }) =>
      (effect === 'NoSchedule' || effect === 'NoExecute') &&
      !pod.spec.tolerations?.some(
        (toleration) =>
          (toleration.key === undefined || toleration.key === key) &&
          (toleration.effect === undefined || toleration.effect === effect),
      ),
  );
  if (node.spec?.unschedulable) return 'node(s) were unschedulable';
  if (!isReady(node)) return 'node(s) were not ready';
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  const labels = node.metadata.labels ?? {};
  const selects = Object.entries(pod.spec.nodeSelector ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  if (!selects) return "node(s) didn't match Pod's node affinity/selector";
  const allocatable = node.status?.allocatable;
  const wanted = podRequests(pod);
  if (pods >= (parseQuantity(allocatable?.pods ?? '0') ?? 0)) return 'Too many pods';
  if (used.cpu + wanted.cpu > (parseQuantity(allocatable?.cpu ?? '0') ?? 0)) {
    return 'Insufficient cpu';
  }
  if (used.memory + wanted.memory > (parseQuantity(allocatable?.memory ?? '0') ?? 0)) {
    return 'Insufficient memory';
  }
  return undefined;
}

/** Chooses the node with the most memory left, or says why there is none. */
export function schedule(pod: Pod, nodes: readonly Node[], pods: readonly Pod[]): Placement {
  const obstacles = new Map<string, number>();
  let best: { node: string; free: number } | undefined;
  for (const node of nodes) {
    const used: Requests = { cpu: 0, memory: 0 };
    let count = 0;
    for (const other of pods) {
      if (other.spec.nodeName !== node.metadata.name || isDone(other)) continue;
      const requests = podRequests(other);
      used.cpu += requests.cpu;
      used.memory += requests.memory;
      count++;
    }
    const why = obstacle(pod, node, used, count);
    if (why) {
      obstacles.set(why, (obstacles.get(why) ?? 0) + 1);
      continue;
    }
    const free = (parseQuantity(node.status?.allocatable?.memory ?? '0') ?? 0) - used.memory;
    if (!best || free > best.free) best = { node: node.metadata.name, free };
  }
  if (best) return { node: best.node };
  const reasons = [...obstacles].map(([why, count]) => `${count} ${why}`).sort();
  return {
    unschedulable: `0/${nodes.length} nodes are available: ${reasons.join(', ')}.`,
  };
}
