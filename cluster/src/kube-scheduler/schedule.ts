import type { Node, Pod } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { matchesTerm, nodeFilters, tolerates } from './nodeFilters.ts';
import { type NodeState, nodeStates } from './NodeState.ts';
import { type NamespaceLabels, selects, topologyFilters } from './topologyFilters.ts';
import { claimProblem, type PodClaim, volumeAffinity } from './volumeFilters.ts';

export type Placement = { node: string } | { unschedulable: string };

/**
 * Chooses the node for a pod among those where nothing keeps it off: preferences first, then the most
 * memory left. Or says why there is none, as kube-scheduler does: the reasons of the first filter that
 * refuses a node, counted over the nodes.
 */
export function schedule(
  pod: Pod,
  nodes: readonly Node[],
  pods: readonly Pod[],
  namespaceLabels: NamespaceLabels = () => undefined,
  claims: readonly PodClaim[] = [],
): Placement {
  const refuse = (reasons: string): Placement => ({
    unschedulable: `0/${nodes.length} nodes are available: ${reasons}.`,
  });
  const problem = claimProblem(claims);
  if (problem !== undefined) return refuse(problem);
  const states = nodeStates(nodes, pods);
  const filters = [
    ...nodeFilters,
    volumeAffinity(claims),
    ...topologyFilters(pod, states, namespaceLabels),
  ];
  const counts = new Map<string, number>();
  let best: { node: string; score: number } | undefined;
  for (const state of states) {
    const reasons = firstReasons(filters.map((filter) => () => filter(pod, state)));
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    if (reasons.length > 0) continue;
    const score = scoreOf(pod, state, states, namespaceLabels);
    if (!best || score > best.score) best = { node: state.node.metadata.name, score };
  }
  if (best) return { node: best.node };
  const reasons = [...counts].map(([why, count]) => `${count} ${why}`).sort();
  return refuse(reasons.join(', '));
}

function firstReasons(filters: (() => string[])[]): string[] {
  for (const filter of filters) {
    const reasons = filter();
    if (reasons.length > 0) return reasons;
  }
  return [];
}

/** Weights of the preferences that hold, and the share of memory that is free (0 to 1). */
function scoreOf(
  pod: Pod,
  state: NodeState,
  states: readonly NodeState[],
  namespaceLabels: NamespaceLabels,
): number {
  const { node, used } = state;
  const memory = parseQuantity(node.status?.allocatable?.['memory'] ?? '0') ?? 0;
  const { nodeAffinity, podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  let score = memory > 0 ? (memory - used.memory) / memory : 0;
  for (const {
    weight,
    preference,
  } of nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
    if (matchesTerm(preference, node)) score += weight;
  }
  for (const taint of node.spec?.taints ?? []) {
    if (taint.effect === 'PreferNoSchedule' && !tolerates(pod, taint)) score -= 100;
  }
  const beside = (affinity: typeof podAffinity, sign: 1 | -1) => {
    for (const {
      weight,
      podAffinityTerm: term,
    } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
      const domain = node.metadata.labels?.[term.topologyKey];
      const neighbours = states.filter(
        (other) => other.node.metadata.labels?.[term.topologyKey] === domain,
      );
      const found = neighbours.some((other) =>
        other.pods.some((one) => selects(term, pod, one, namespaceLabels)),
      );
      if (domain !== undefined && found) score += sign * weight;
    }
  };
  beside(podAffinity, 1);
  beside(podAntiAffinity, -1);
  return score;
}
