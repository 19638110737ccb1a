import { matchesRequirements } from '../client/labelSelector.ts';
import type { Node, NodeSelectorTerm, Pod, Taint } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { type NodeState, podRequests } from './NodeState.ts';

/** What keeps a pod off a node, in the words of kube-scheduler's plugins; empty when nothing does. */
export type Filter = (pod: Pod, state: NodeState) => string[];

/** Kubernetes pkg/scheduler/framework/plugins: what can be told from a pod and one node. */
export const nodeFilters: Filter[] = [unschedulable, untolerated, nodeAffinity, resources];

function unschedulable(pod: Pod, { node }: NodeState): string[] {
  if (!node.spec?.unschedulable) return [];
  const taint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  return tolerates(pod, taint) ? [] : ['node(s) were unschedulable'];
}

function untolerated(pod: Pod, { node }: NodeState): string[] {
  const taint = node.spec?.taints?.find(
    (candidate) => candidate.effect !== 'PreferNoSchedule' && !tolerates(pod, candidate),
  );
  return taint ? [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`] : [];
}

/** An empty key with Exists tolerates everything; an empty effect every effect. */
export function tolerates(pod: Pod, taint: Taint): boolean {
  return (pod.spec.tolerations ?? []).some(({ key, operator, value, effect }) => {
    if (effect && effect !== taint.effect) return false;
    if (key && key !== taint.key) return false;
    if (operator === 'Exists') return true;
    return key !== undefined && (value ?? '') === (taint.value ?? '');
  });
}

function nodeAffinity(pod: Pod, { node }: NodeState): string[] {
  const labels = node.metadata.labels ?? {};
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const accepted = required?.nodeSelectorTerms.some((term) => matchesTerm(term, node)) ?? true;
  return selected && accepted ? [] : ["node(s) didn't match Pod's node affinity/selector"];
}

/** A term without requirements matches no node. */
export function matchesTerm(
  { matchExpressions, matchFields }: NodeSelectorTerm,
  node: Node,
): boolean {
  if (!matchExpressions?.length && !matchFields?.length) return false;
  return (
    matchesRequirements(matchExpressions, node.metadata.labels ?? {}) &&
    matchesRequirements(matchFields, { 'metadata.name': node.metadata.name })
  );
}

function resources(pod: Pod, { node, pods, used }: NodeState): string[] {
  const allocatable = node.status?.allocatable;
  const has = (name: string) => parseQuantity(allocatable?.[name] ?? '0') ?? 0;
  const wanted = podRequests(pod);
  return [
    ...(pods.length >= has('pods') ? ['Too many pods'] : []),
    ...(used.cpu + wanted.cpu > has('cpu') ? ['Insufficient cpu'] : []),
    ...(used.memory + wanted.memory > has('memory') ? ['Insufficient memory'] : []),
    ...[...wanted.others]
      .filter(([name, amount]) => (used.others.get(name) ?? 0) + amount > has(name))
      .map(([name]) => `Insufficient ${name}`),
  ];
}
