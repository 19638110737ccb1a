import { qosClass } from '../client/qosClass.ts';
import type { Condition, ContainerStatus, Pod } from '../client/resources.ts';
import type { PodProcess } from './PodProcesses.ts';
import type { PullResult } from './images/ImagePuller.ts';

type Status = NonNullable<Pod['status']>;

/** What the kubelet knows of a pod that has not ended. */
export interface PodReport {
  now: string;
  hostAddress: string;
  /** Undefined before it has its network. */
  podAddress: string | undefined;
  /** Is its guest paused? */
  paused: boolean;
  images: PullResult;
  /** Containers whose readiness probe does not succeed. */
  unready: ReadonlySet<string>;
  /** Since when the program runs of which the pod is a part; undefined for all other pods. */
  since?: string | undefined;
  /** How its container is getting on, when that is no guest. */
  process: PodProcess | undefined;
}

const gate = 'kubevirt.io/virtual-machine-unpaused';

/** The status of a pod on a node; it is Pending until the images of all its containers are there. */
export function podStatus(pod: Pod, report: PodReport): Status {
  const { now, images, paused, hostAddress, podAddress } = report;
  const gated = pod.spec.readinessGates?.some(({ conditionType }) => conditionType === gate);
  const startTime = pod.status?.startTime ?? now;
  const containerStatuses = pod.spec.containers.map((container) =>
    containerStatus(pod, container, report),
  );
  const unready = containerStatuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const condition = (
    type: string,
    status: 'True' | 'False',
    reason?: string,
    message?: string,
  ): Condition => {
    const before = pod.status?.conditions?.find((known) => known.type === type);
    const lastTransitionTime = before?.status === status ? (before.lastTransitionTime ?? now) : now;
    return {
      type,
      status,
      lastTransitionTime,
      ...(reason && { reason }),
      ...(message && { message }),
    };
  };
  const notReady = `containers with unready status: [${unready.join(' ')}]`;
  const contained = (type: string) => condition(type, 'False', 'ContainersNotReady', notReady);
  return {
    ...pod.status,
    phase: images.waiting.size > 0 ? 'Pending' : 'Running',
    conditions: [
      condition('PodScheduled', 'True'),
      condition('Initialized', 'True'),
      ...(gated
        ? [condition(gate, paused ? 'False' : 'True', paused ? 'Paused' : 'NotPaused')]
        : []),
      unready.length > 0 ? contained('ContainersReady') : condition('ContainersReady', 'True'),
      unready.length > 0
        ? contained('Ready')
        : condition(
            'Ready',
            paused ? 'False' : 'True',
            paused ? 'ReadinessGatesNotReady' : undefined,
          ),
    ],
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    ...(podAddress !== undefined && { podIP: podAddress, podIPs: [{ ip: podAddress }] }),
    startTime,
    qosClass: qosClass(pod),
    containerStatuses,
  };
}

function containerStatus(
  { metadata, status }: Pod,
  { name, image = '' }: Pod['spec']['containers'][number],
  { images, unready, now, since, process }: PodReport,
): ContainerStatus {
  const waiting = images.waiting.get(name);
  const known = status?.containerStatuses?.find((one) => one.name === name);
  const before = known?.state?.running?.startedAt;
  // The program has been started anew since.
  const restarted = before !== undefined && since !== undefined && before < since;
  const restartCount = process?.restarts ?? (known?.restartCount ?? 0) + (restarted ? 1 : 0);
  const common = { name, restartCount, image, imageID: images.digests.get(name) ?? '' };
  if (waiting) return { ...common, ready: false, started: false, state: { waiting } };
  if (process?.failure !== undefined) {
    const ended = { exitCode: 1, reason: 'Error', message: process.failure };
    const state = { waiting: { reason: 'CrashLoopBackOff', message: backOffText(metadata, name) } };
    return { ...common, ready: false, started: false, state, lastState: { terminated: ended } };
  }
  const startedAt = restarted ? since : (before ?? now);
  return { ...common, ready: !unready.has(name), started: true, state: { running: { startedAt } } };
}

const backOffText = ({ name, namespace = '', uid }: Pod['metadata'], container: string) =>
  `back-off restarting failed container=${container} pod=${name}_${namespace}(${uid})`;

/** Its containers as long as something that they all need is not there. */
export const creatingContainers = ({ spec }: Pod): PullResult => ({
  digests: new Map(),
  waiting: new Map(spec.containers.map(({ name }) => [name, { reason: 'ContainerCreating' }])),
});

/** The status of a pod all of whose containers have ended with exit code 0. */
export function succeededStatus({ status }: Pod, now: string): Status {
  return {
    ...status,
    phase: 'Succeeded',
    conditions: (status?.conditions ?? []).map((condition) =>
      condition.type === 'Ready' || condition.type === 'ContainersReady'
        ? { ...condition, status: 'False', reason: 'PodCompleted', lastTransitionTime: now }
        : condition,
    ),
    containerStatuses: (status?.containerStatuses ?? []).map((container) => ({
      ...container,
      ready: false,
      started: false,
      state: {
        terminated: {
          exitCode: 0,
          reason: 'Completed',
          startedAt: container.state?.running?.startedAt ?? now,
          finishedAt: now,
        },
      },
    })),
  };
}
