import type { Node, Pod } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';

export interface Requests {
  /** Cores. */
  cpu: number;
  /** Bytes. */
  memory: number;
  /** Huge pages and devices, by the names of the resources. */
  others: ReadonlyMap<string, number>;
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
  let [cpu, memory] = [0, 0];
  const others = new Map<string, number>();
  for (const container of pod.spec.containers) {
    // What is limited and not asked for is asked for.
    const { requests, limits } = container.resources ?? {};
    for (const [name, text] of Object.entries({ ...limits, ...requests })) {
      const amount = parseQuantity(text) ?? 0;
      if (name === 'cpu') cpu += amount;
      else if (name === 'memory') memory += amount;
      // Nodes here do not count what containers write.
      else if (name !== 'ephemeral-storage' && amount > 0)
        others.set(name, (others.get(name) ?? 0) + amount);
    }
  }
  return { cpu, memory, others };
}

/** What several pods ask for together. */
function add(a: Requests, b: Requests): Requests {
  const others = new Map(a.others);
  for (const [name, amount] of b.others) others.set(name, (others.get(name) ?? 0) + amount);
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory, others };
}

const nothing: Requests = { cpu: 0, memory: 0, others: new Map() };

const isDone = (pod: Pod) => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** The nodes with the pods that are bound to them and have not ended. */
export function nodeStates(nodes: readonly Node[], pods: readonly Pod[]): NodeState[] {
  const states = new Map<string, NodeState>(
    nodes.map((node) => [node.metadata.name, { node, pods: [], used: nothing }]),
  );
  for (const pod of pods) {
    const state = states.get(pod.spec.nodeName ?? '');
    if (!state || isDone(pod)) continue;
    state.pods.push(pod);
    state.used = add(state.used, podRequests(pod));
  }
  return [...states.values()];
}
