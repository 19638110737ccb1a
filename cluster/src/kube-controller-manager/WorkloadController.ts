import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { AnyInformer } from '../client/Informer.ts';
import type { KubeClient, KubeObject, ObjectKey } from '../client/KubeClient.ts';
import type { Condition } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';
import { type Progress, workloadStatus } from './workloadStatus.ts';

/** A kind that is made of pods. */
type Workload = KubeObject & {
  spec: { replicas?: number };
  status?: { conditions?: Condition[]; observedGeneration?: number };
};

interface Dependencies {
  client: KubeClient;
  recorder: EventRecorder;
  clock: Clock;
  /** How far a part of this program is that stands for a workload; undefined for any other workload. */
  progressOf: (workload: KubeObject) => Progress | undefined;
}

const reason = 'NoContainerRuntime';

/**
 * Reports on Deployments, DaemonSets and the like. The cluster's own components are parts of this program
 * and told as they are; for everything else the status and an event say that nothing here runs containers.
 */
export class WorkloadController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(informer: AnyInformer, key: ObjectKey): Promise<void> {
    // The informer is one of a workload's kind.
    const workload = informer.get(key) as Workload | undefined;
    if (!workload || workload.metadata.deletionTimestamp) return;
    const progress = this.#is.progressOf(workload);
    const message = `this cluster runs virtual machines and has no container runtime: no pod of the ${workload.kind} starts`;
    const status = this.#withTimes(
      workload,
      workloadStatus(workload, progress, { reason, message }),
    );
    if (JSON.stringify(status) === JSON.stringify(workload.status ?? {})) return;
    const isNews = workload.status?.observedGeneration !== workload.metadata.generation;
    if (progress === undefined && isNews) this.#is.recorder.warning(workload, reason, message);
    const next: KubeObject & Pick<Workload, 'status'> = { ...workload, status };
    await ignoreGone(this.#is.client.updateStatus(informer.resource, next));
  }

  /** A condition keeps the time since when it is as it is. */
  #withTimes(
    workload: Workload,
    status: { conditions?: Condition[] },
  ): NonNullable<Workload['status']> {
    const now = timestamp(this.#is.clock.now());
    if (status.conditions === undefined) return status;
    const conditions = status.conditions.map((condition) => {
      const before = workload.status?.conditions?.find(({ type }) => type === condition.type);
      const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
      return { ...condition, lastTransitionTime: since ?? now };
    });
    return { ...status, conditions };
  }
}
