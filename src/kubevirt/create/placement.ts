import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Taint } from '~/kubevirt/create/nodeOffer';

type Pair = readonly [key: string, value: string];
type Affinity = NonNullable<V1VirtualMachineInstanceSpec['affinity']>;
type Toleration = NonNullable<V1VirtualMachineInstanceSpec['tolerations']>[number];

/** A wish of where a VM runs, as a sentence says it: `keep apart from VMs with app=db`. */
export interface DraftRule {
  kind: 'apart' | 'together' | 'nodes';
  /** Else it is kept where it can be. */
  isRequired: boolean;
  /** Of the other VMs, or of the nodes. An empty value stands for any. */
  labels: readonly Pair[];
  /** Label of nodes that have the same value where they are one place; not used for `nodes`. */
  place: string;
}

export interface DraftToleration {
  /** Empty for all taints. */
  key: string;
  /** Empty for any. */
  value: string;
  effect: '' | 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

export const places = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'] as const;

export const newRule: DraftRule = {
  kind: 'apart',
  isRequired: true,
  labels: [['', '']],
  place: places[0],
};

/** Of 1 to 100; all wishes weigh the same. */
const weight = 100;

const named = (pairs: readonly Pair[]) => pairs.filter(([key]) => key !== '');

function expressionsOf(pairs: readonly Pair[]) {
  return named(pairs).map(([key, value]) =>
    value === ''
      ? { key, operator: 'Exists' as const }
      : { key, operator: 'In' as const, values: [value] },
  );
}

type Expression = ReturnType<typeof expressionsOf>[number];

/** The labels of expressions; of others than ours something that gives other expressions again. */
function pairsOf(
  expressions: readonly { key: string; operator: string; values?: readonly string[] }[] = [],
): Pair[] {
  return expressions.map(({ key, values }) => [key, values?.[0] ?? '']);
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

/** The terms of some rules: those that must hold, and those that may. */
function termsOf<Term, Wish>(
  rules: readonly DraftRule[],
  toTerm: (rule: DraftRule) => Term,
  toWish: (term: Term) => Wish,
) {
  return {
    must: rules.filter(({ isRequired }) => isRequired).map(toTerm),
    may: rules.filter(({ isRequired }) => !isRequired).map((rule) => toWish(toTerm(rule))),
  };
}

function podTerms(rules: readonly DraftRule[]) {
  const { must, may } = termsOf(
    rules,
    ({ labels, place }) => ({
      labelSelector: { matchExpressions: expressionsOf(labels) },
      topologyKey: place,
    }),
    (podAffinityTerm) => ({ weight, podAffinityTerm }),
  );
  return {
    ...(must.length > 0 && { [required]: must }),
    ...(may.length > 0 && { [preferred]: may }),
  };
}

/** Terms of nodes are alternatives, expressions within one all hold: so what must be is one term. */
function nodeTerms(rules: readonly DraftRule[]) {
  const { must, may } = termsOf(
    rules,
    ({ labels }): Expression[] => expressionsOf(labels),
    (matchExpressions) => ({ weight, preference: { matchExpressions } }),
  );
  return {
    ...(must.length > 0 && {
      [required]: { nodeSelectorTerms: [{ matchExpressions: must.flat() }] },
    }),
    ...(may.length > 0 && { [preferred]: may }),
  };
}

/** Rules without a label say nothing as yet. */
export function toAffinity(rules: readonly DraftRule[]): Affinity | undefined {
  const of = (kind: DraftRule['kind']) =>
    rules.filter((rule) => rule.kind === kind && named(rule.labels).length > 0);
  const [apart, together, nodes] = [of('apart'), of('together'), of('nodes')];
  const affinity = {
    ...(nodes.length > 0 && { nodeAffinity: nodeTerms(nodes) }),
    ...(together.length > 0 && { podAffinity: podTerms(together) }),
    ...(apart.length > 0 && { podAntiAffinity: podTerms(apart) }),
  };
  return Object.keys(affinity).length === 0 ? undefined : affinity;
}

/** The rules of an affinity; where it has more than rules can say, they give another one. */
export function readRules(affinity: Affinity | undefined): DraftRule[] {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity ?? {};
  const podRules = (kind: DraftRule['kind'], terms: typeof podAffinity | typeof podAntiAffinity) =>
    [
      ...(terms?.[required] ?? []).map((term) => ({ term, isRequired: true })),
      ...(terms?.[preferred] ?? []).map(({ podAffinityTerm: term }) => ({
        ...{ term, isRequired: false },
      })),
    ].map(({ term, isRequired }): DraftRule => ({
      ...{ kind, isRequired, place: term.topologyKey },
      labels: pairsOf(term.labelSelector?.matchExpressions),
    }));
  const nodeRule = (
    expressions: Parameters<typeof pairsOf>[0],
    isRequired: boolean,
  ): DraftRule => ({ ...newRule, kind: 'nodes', isRequired, labels: pairsOf(expressions) });
  return [
    ...(nodeAffinity?.[required]?.nodeSelectorTerms ?? []).map((term) =>
      nodeRule(term.matchExpressions, true),
    ),
    ...(nodeAffinity?.[preferred] ?? []).map(({ preference }) =>
      nodeRule(preference.matchExpressions, false),
    ),
    ...podRules('together', podAffinity),
    ...podRules('apart', podAntiAffinity),
  ];
}

export function toTolerations(tolerations: readonly DraftToleration[]): Toleration[] {
  return tolerations.map(({ key, value, effect }) => ({
    ...(key !== '' && { key }),
    ...(value === '' ? { operator: 'Exists' as const } : { operator: 'Equal' as const, value }),
    ...(effect !== '' && { effect }),
  }));
}

export function readTolerations(tolerations: readonly Toleration[] = []): DraftToleration[] {
  return tolerations.map(({ key = '', value = '', effect }) => ({
    ...{ key, value },
    effect: effects.find((one) => one === effect) ?? '',
  }));
}

/** The toleration of a taint and of no other. */
export function tolerationOf({ key, value = '', effect }: Taint): DraftToleration {
  return { key, value, effect: effects.find((one) => one === effect) ?? '' };
}

/** Whether a toleration lets a VM onto nodes with a taint. */
export function tolerates({ key, value, effect }: DraftToleration, taint: Taint): boolean {
  return (
    (key === '' || key === taint.key) &&
    (value === '' || value === taint.value) &&
    (effect === '' || effect === taint.effect)
  );
}
