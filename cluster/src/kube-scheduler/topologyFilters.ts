import { matchesSelector } from '../client/labelSelector.ts';
import type { Pod, PodAffinityTerm, TopologySpreadConstraint } from '../client/resources.ts';
import type { Filter } from './nodeFilters.ts';
import type { NodeState } from './NodeState.ts';

/** Labels of a namespace, by its name. */
export type NamespaceLabels = (name: string) => Readonly<Record<string, string>> | undefined;

const labelOf = ({ node }: NodeState, key: string) => node.metadata.labels?.[key];

/**
 * Kubernetes pkg/scheduler/framework/plugins/{podtopologyspread,interpodaffinity}: what depends on where
 * other pods are. Worked out once for a pod, then asked node by node.
 */
export function topologyFilters(
  pod: Pod,
  states: readonly NodeState[],
  namespaceLabels: NamespaceLabels,
): Filter[] {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const required = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const forbidden = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const matched = (term: PodAffinityTerm, owner: Pod) => {
    const domains = new Set<string | undefined>();
    for (const state of states) {
      const here = state.pods.some((other) => selects(term, owner, other, namespaceLabels));
      if (here) domains.add(labelOf(state, term.topologyKey));
    }
    domains.delete(undefined);
    return domains;
  };
  const wanted = required.map((term) => ({ term, domains: matched(term, pod) }));
  const unwanted = forbidden.map((term) => ({ term, domains: matched(term, pod) }));
  // The first of a group that is to stay together finds none of its own yet.
  const isFirst =
    wanted.every(({ domains }) => domains.size === 0) &&
    required.every((term) => selects(term, pod, pod, namespaceLabels));
  const kept = keptAway(pod, states, namespaceLabels);
  const spread = (pod.spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
    .map((constraint) => spreadFilter(constraint, pod, states));

  const affinity: Filter = (_pod, state) => {
    const fits = wanted.every(({ term, domains }) => {
      const domain = labelOf(state, term.topologyKey);
      return domain !== undefined && (isFirst || domains.has(domain));
    });
    if (!fits) return ["node(s) didn't match pod affinity rules"];
    if (unwanted.some(({ term, domains }) => domains.has(labelOf(state, term.topologyKey)))) {
      return ["node(s) didn't match pod anti-affinity rules"];
    }
    return kept.some(([key, domain]) => labelOf(state, key) === domain)
      ? ["node(s) didn't satisfy existing pods anti-affinity rules"]
      : [];
  };
  return [...spread, affinity];
}

/** Topology domains in which a pod runs that does not want this one beside it. */
function keptAway(
  pod: Pod,
  states: readonly NodeState[],
  namespaceLabels: NamespaceLabels,
): [key: string, domain: string][] {
  const found: [string, string][] = [];
  for (const state of states) {
    for (const other of state.pods) {
      const terms = other.spec.affinity?.podAntiAffinity;
      for (const term of terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
        const domain = labelOf(state, term.topologyKey);
        if (domain === undefined || !selects(term, other, pod, namespaceLabels)) continue;
        found.push([term.topologyKey, domain]);
      }
    }
  }
  return found;
}

/** Does a term of `owner` mean the pod `other`? Without namespaces it means those of its own. */
export function selects(
  term: PodAffinityTerm,
  owner: Pod,
  other: Pod,
  namespaceLabels: NamespaceLabels,
): boolean {
  const namespace = other.metadata.namespace ?? '';
  const named = term.namespaces?.includes(namespace) ?? false;
  const selected =
    term.namespaceSelector !== undefined &&
    matchesSelector(term.namespaceSelector, namespaceLabels(namespace));
  const own =
    !term.namespaces?.length && !term.namespaceSelector && namespace === owner.metadata.namespace;
  return (named || selected || own) && matchesSelector(term.labelSelector, other.metadata.labels);
}

function spreadFilter(
  { topologyKey, labelSelector, maxSkew, minDomains = 1 }: TopologySpreadConstraint,
  pod: Pod,
  states: readonly NodeState[],
): Filter {
  const counts = new Map<string, number>();
  for (const state of states) {
    const domain = labelOf(state, topologyKey);
    if (domain === undefined) continue;
    const matching = state.pods.filter(
      ({ metadata }) =>
        metadata.namespace === pod.metadata.namespace &&
        metadata.deletionTimestamp === undefined &&
        matchesSelector(labelSelector, metadata.labels),
    ).length;
    counts.set(domain, (counts.get(domain) ?? 0) + matching);
  }
  const least = counts.size < minDomains ? 0 : Math.min(...counts.values());
  const self = matchesSelector(labelSelector, pod.metadata.labels) ? 1 : 0;
  const words = "node(s) didn't match pod topology spread constraints";
  return (_pod, state) => {
    const domain = labelOf(state, topologyKey);
    if (domain === undefined) return [`${words} (missing required label)`];
    return (counts.get(domain) ?? 0) + self - least > maxSkew ? [words] : [];
  };
}
