import { timestamp } from '../../client/timestamp.ts';
import type { Condition } from '../../client/resources.ts';
import type { DefinitionNames, DefinitionObject, DefinitionStatus } from './DefinitionObject.ts';

/** Names that others of the same group hold already. */
export interface TakenNames {
  /** Plurals, singulars and short names. */
  readonly resources: ReadonlySet<string>;
  /** Kinds and list kinds. */
  readonly kinds: ReadonlySet<string>;
}

/**
 * The status of a definition by its names: which of them it gets, and whether it is served
 * (k8s.io/apiextensions-apiserver, pkg/controller/status/naming_controller.go).
 */
export function namesStatus(
  { spec, status = {} }: DefinitionObject,
  taken: TakenNames,
  now: Date,
): DefinitionStatus {
  const names = spec.names ?? {};
  const problem = conflictIn(names, taken);
  const established = problem === undefined || isTrue(status, 'Established');
  const conditions: Condition[] = [
    problem === undefined
      ? {
          type: 'NamesAccepted',
          status: 'True',
          reason: 'NoConflicts',
          message: 'no conflicts found',
        }
      : { type: 'NamesAccepted', status: 'False', ...problem },
    established
      ? {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        }
      : {
          type: 'Established',
          status: 'False',
          reason: 'NotAccepted',
          message: 'not all names are accepted',
        },
  ];
  const others = (status.conditions ?? []).filter(
    ({ type }) => type !== 'NamesAccepted' && type !== 'Established',
  );
  const stored = spec.versions?.find(({ storage }) => storage === true)?.name;
  const storedVersions = new Set(status.storedVersions ?? []);
  if (stored !== undefined) storedVersions.add(stored);
  return {
    acceptedNames: problem === undefined ? names : (status.acceptedNames ?? acceptable(names)),
    conditions: [...conditions.map((one) => withTime(one, status, now)), ...others],
    storedVersions: [...storedVersions],
  };
}

/** Names that can be asked for again later, when nothing could be accepted yet. */
function acceptable({ plural = '', kind = '' }: DefinitionNames): DefinitionNames {
  return { plural, kind };
}

function conflictIn(
  names: DefinitionNames,
  { resources, kinds }: TakenNames,
): { reason: string; message: string } | undefined {
  const { plural, singular, shortNames = [], kind, listKind } = names;
  const inUse = (name: string) => `${JSON.stringify(name)} is already in use`;
  const checks = [
    ['PluralConflict', plural, resources],
    ['SingularConflict', singular, resources],
    ...shortNames.map((name) => ['ShortNamesConflict', name, resources] as const),
    ['KindConflict', kind, kinds],
    ['ListKindConflict', listKind, kinds],
  ] as const;
  for (const [reason, name, set] of checks) {
    if (name !== undefined && set.has(name)) return { reason, message: inUse(name) };
  }
  return undefined;
}

function isTrue(status: DefinitionStatus, type: string): boolean {
  return status.conditions?.some((one) => one.type === type && one.status === 'True') === true;
}

export function conditionOf(type: string, reason: string, message: string): Condition {
  return { type, status: 'True', reason, message };
}

function withTime(condition: Condition, status: DefinitionStatus, now: Date): Condition {
  const before = status.conditions?.find(({ type }) => type === condition.type);
  const kept = before?.status === condition.status ? before.lastTransitionTime : undefined;
  return { ...condition, lastTransitionTime: kept ?? timestamp(now) };
}
