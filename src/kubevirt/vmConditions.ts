import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { Tone } from '~/kubevirt/vmStatus';

/** A condition as it is shown; what the cluster left out is empty. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  /** Of its last change, ISO 8601. */
  since: string;
}

/** As the API gives it; the generated type lacks the time. */
interface RawCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
}

type Tones = { whenTrue: Tone; whenFalse: Tone };

/**
 * How conditions feel: a missing ability is no fault, and a guest that is not ready may just be off.
 * src: kubevirt.io/api/core/v1 types.go, VirtualMachine(Instance)ConditionType
 */
const TONES: Readonly<Record<string, Tones>> = {
  Ready: { whenTrue: 'success', whenFalse: 'neutral' },
  AgentConnected: { whenTrue: 'success', whenFalse: 'neutral' },
  LiveMigratable: { whenTrue: 'success', whenFalse: 'neutral' },
  StorageLiveMigratable: { whenTrue: 'success', whenFalse: 'neutral' },
  DataVolumesReady: { whenTrue: 'success', whenFalse: 'progress' },
  PodScheduled: { whenTrue: 'success', whenFalse: 'warning' },
  Synchronized: { whenTrue: 'success', whenFalse: 'danger' },
  Paused: { whenTrue: 'info', whenFalse: 'neutral' },
  RestartRequired: { whenTrue: 'info', whenFalse: 'neutral' },
  Failure: { whenTrue: 'danger', whenFalse: 'neutral' },
  ManualRecoveryRequired: { whenTrue: 'danger', whenFalse: 'neutral' },
};

/** Tone of a condition; one that is not known is neutral. */
export function conditionTone({ type, status }: Pick<Condition, 'type' | 'status'>): Tone {
  const known = Object.hasOwn(TONES, type) ? TONES[type] : undefined;
  if (known === undefined) return 'neutral';
  return status === 'True' ? known.whenTrue : status === 'False' ? known.whenFalse : 'neutral';
}

/** What a condition says when it is true, in plain words; empty for one that is not known. */
export function conditionMeaning(t: (key: string) => string, type: string): string {
  switch (type) {
    case 'Ready':
      return t('The guest runs');
    case 'AgentConnected':
      return t('The guest agent answers');
    case 'LiveMigratable':
      return t('It can move to another node while it runs');
    case 'StorageLiveMigratable':
      return t('Its disks can move to other storage while it runs');
    case 'DataVolumesReady':
      return t('All disks are made');
    case 'PodScheduled':
      return t('A node has been found for it');
    case 'Synchronized':
      return t('The cluster could do what was asked for');
    case 'Paused':
      return t('The guest stands still');
    case 'RestartRequired':
      return t('Changes wait for a restart');
    case 'Failure':
      return t('Something failed');
    case 'ManualRecoveryRequired':
      return t('It needs to be repaired by hand');
    default:
      return '';
  }
}

/** Conditions of a VM: those that need attention first, then Ready, then by name. */
export function vmConditions({ status }: Pick<V1VirtualMachine, 'status'>): readonly Condition[] {
  const raw: readonly RawCondition[] = status?.conditions ?? [];
  const rank = (condition: Condition) => {
    const tone = conditionTone(condition);
    if (tone === 'danger' || tone === 'warning') return 0;
    return condition.type === 'Ready' ? 1 : 2;
  };
  return raw
    .map((one): Condition => ({
      type: one.type,
      status: one.status === 'True' || one.status === 'False' ? one.status : 'Unknown',
      reason: one.reason ?? '',
      message: one.message ?? '',
      since: one.lastTransitionTime ?? '',
    }))
    .sort((a, b) => rank(a) - rank(b) || (a.type < b.type ? -1 : 1));
}
