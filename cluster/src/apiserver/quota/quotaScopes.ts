import type { KubeObject } from '../../client/KubeClient.ts';
import type { Pod, ResourceQuota } from '../../client/resources.ts';
import { podResources } from './usageOf.ts';

interface Requirement {
  scopeName: string;
  operator: string;
  values?: string[];
}

/** Does the quota count the object? Scopes select pods; a quota without any counts everything. */
export function inScope({ spec }: ResourceQuota, object: KubeObject): boolean {
  const plain = (spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  const requirements: Requirement[] = [...plain, ...(spec?.scopeSelector?.matchExpressions ?? [])];
  if (requirements.length === 0) return true;
  if (object.kind !== 'Pod') return false;
  // The parse boundary: the kind says so.
  const pod = object as Pod;
  return requirements.every((requirement) => fits(requirement, pod));
}

function fits({ scopeName, operator, values = [] }: Requirement, pod: Pod): boolean {
  const ends = pod.spec.activeDeadlineSeconds !== undefined;
  const bestEffort = podResources(pod, 'requests').size === 0;
  switch (scopeName) {
    case 'Terminating':
      return ends;
    case 'NotTerminating':
      return !ends;
    case 'BestEffort':
      return bestEffort;
    case 'NotBestEffort':
      return !bestEffort;
    case 'PriorityClass':
      return fitsPriority(operator, values, pod.spec.priorityClassName ?? '');
    default:
      return false;
  }
}

function fitsPriority(operator: string, values: readonly string[], name: string): boolean {
  switch (operator) {
    case 'In':
      return values.includes(name);
    case 'NotIn':
      return !values.includes(name);
    case 'DoesNotExist':
      return name === '';
    default:
      return name !== '';
  }
}
