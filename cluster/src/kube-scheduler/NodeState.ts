import type { Node, Pod } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';

export interface Requests {
  /** Cores. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

/** A node with the pods that take room on it. */
export interface NodeState {
  node: Node;
  pods: Pod[];
  used: Requests;
}

/** Objects of the API are never changed in place, so what one asks for is worked out once. */
const known = new WeakMap<Pod, Requests>();

/** What a pod's containers ask for together. */
export function podRequests(pod: Pod): Requests {
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

/** The nodes with the pods that are bound to them and have not ended. */
export function nodeStates(nodes: readonly Node[], pods: readonly Pod[]): NodeState[] {
  const states = new Map<string, NodeState>(
    nodes.map((node) => [node.metadata.name, { node, pods: [], used: { cpu: 0, memory: 0 } }]),
  );
  for (const pod of pods) {
    const state = states.get(pod.spec.nodeName ?? '');
    if (!state || isDone(pod)) continue;
    const requests = podRequests(pod);
    state.pods.push(pod);
    state.used.cpu += requests.cpu;
    state.used.memory += requests.memory;
  }
  return [...states.values()];
}
