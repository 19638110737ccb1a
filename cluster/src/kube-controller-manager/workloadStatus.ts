import type { KubeObject } from '../client/KubeClient.ts';
import type { Condition } from '../client/resources.ts';

/** How many pods of a component there should be, there are, and work. */
export interface Progress {
  desired: number;
  current: number;
  ready: number;
}

interface Why {
  reason: string;
  message: string;
}

/**
 * The status of a workload of the given progress; without one nothing of it runs, and `why` says the
 * reason. Conditions come without their times.
 */
export function workloadStatus(
  workload: KubeObject & { spec: { replicas?: number } },
  progress: Progress | undefined,
  why: Why,
): { conditions?: Condition[] } & Record<string, unknown> {
  const { desired, current, ready } = progress ?? {
    desired: workload.spec.replicas ?? 1,
    current: 0,
    ready: 0,
  };
  const observedGeneration = workload.metadata.generation ?? 1;
  const counts = {
    observedGeneration,
    replicas: current,
    readyReplicas: ready,
    availableReplicas: ready,
  };
  const failed = (type: string, status: 'True' | 'False' = 'True'): Condition[] =>
    progress === undefined ? [{ type, status, ...why }] : [];
  switch (workload.kind) {
    case 'Deployment':
      return {
        ...counts,
        updatedReplicas: current,
        unavailableReplicas: desired - ready,
        conditions: deploymentConditions(desired, ready, progress === undefined ? why : undefined),
      };
    case 'ReplicaSet':
      return { ...counts, conditions: failed('ReplicaFailure') };
    case 'StatefulSet':
      return { ...counts, conditions: failed('Available', 'False') };
    case 'DaemonSet': {
      const nodes = progress?.desired ?? 0;
      return {
        observedGeneration,
        desiredNumberScheduled: nodes,
        currentNumberScheduled: current,
        updatedNumberScheduled: current,
        numberMisscheduled: 0,
        numberReady: ready,
        numberAvailable: ready,
        numberUnavailable: nodes - ready,
        conditions: failed('Available', 'False'),
      };
    }
    case 'Job':
      return { active: 0, conditions: failed('Failed') };
    default:
      return {};
  }
}

/** Kubernetes: pkg/controller/deployment (1.33), but for the reason that it cannot have. */
function deploymentConditions(desired: number, ready: number, why: Why | undefined): Condition[] {
  const available = ready >= desired && why === undefined;
  return [
    available
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    why === undefined
      ? {
          type: 'Progressing',
          status: 'True',
          reason: available ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
          message: available ? 'The deployment has progressed.' : 'The deployment is progressing.',
        }
      : { type: 'Progressing', status: 'False', ...why },
  ];
}
