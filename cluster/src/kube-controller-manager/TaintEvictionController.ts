import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type Node, type Pod, pods, type Taint, type Toleration } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';

interface Dependencies {
  client: KubeClient;
  nodes: Informer<Node>;
  pods: Informer<Pod>;
  recorder: EventRecorder;
  clock: Clock;
}

/** Taint by which an administrator says that a node is off for good. */
const outOfService = 'node.kubernetes.io/out-of-service';
/** How long a node may be away before its pods are. */
const quarantineMs = 40_000;

/**
 * Deletes pods from nodes whose taints they do not tolerate, or no longer; and what no kubelet will ever end:
 * pods of nodes that are gone or out of service. Kubernetes: pkg/controller/tainteviction and podgc (1.33).
 */
export class TaintEvictionController {
  readonly #is: Dependencies;
  /** By the UID of a pod: when its node was first found missing. */
  readonly #missingSince = new Map<string, number>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** One pod. */
  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const pod = this.#is.pods.get(key);
    if (!pod?.spec.nodeName) return {};
    const node = this.#is.nodes.get({ name: pod.spec.nodeName });
    if (!node) return this.#quarantine(pod);
    this.#missingSince.delete(pod.metadata.uid);
    if (pod.metadata.deletionTimestamp && isOutOfService(node)) {
      await this.#collect(pod, 'PodGC: node is out of service');
      return {};
    }
    if (pod.metadata.deletionTimestamp) return {};
    const left = toleratedMs(pod, node, this.#is.clock.now());
    if (left === Infinity) return {};
    if (left > 0) return { requeueAfterMs: left };
    const { namespace = '', name } = pod.metadata;
    const text = `Marking for deletion Pod ${namespace}/${name}`;
    this.#is.recorder.normal(pod, 'TaintManagerEviction', text);
    await this.#mark(
      pod,
      'DeletionByTaintManager',
      'Taint manager: deleting due to NoExecute taint',
    );
    await ignoreGone(this.#is.client.delete(pods, pod.metadata));
    return {};
  }

  async #quarantine(pod: Pod): Promise<{ requeueAfterMs?: number }> {
    const { uid } = pod.metadata;
    const now = this.#is.clock.now();
    const since = this.#missingSince.get(uid) ?? now;
    this.#missingSince.set(uid, since);
    const left = since + quarantineMs - now;
    if (left > 0) return { requeueAfterMs: left };
    this.#missingSince.delete(uid);
    await this.#collect(pod, 'PodGC: node no longer exists');
    return {};
  }

  /** Nobody is there who would end the pod: it goes at once. */
  async #collect(pod: Pod, why: string): Promise<void> {
    await this.#mark(pod, 'DeletionByPodGC', why);
    const options = { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } };
    await ignoreGone(this.#is.client.delete(pods, pod.metadata, options));
  }

  async #mark(pod: Pod, reason: string, message: string): Promise<void> {
    const lastTransitionTime = timestamp(this.#is.clock.now());
    const conditions = [
      ...(pod.status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget'),
      { type: 'DisruptionTarget', status: 'True', reason, message, lastTransitionTime },
    ];
    await ignoreGone(
      this.#is.client.patch(
        pods,
        pod.metadata,
        { type: 'merge', body: { status: { conditions } } },
        { subresource: 'status' },
      ),
    );
  }
}

const isOutOfService = ({ spec }: Node) =>
  spec?.taints?.some(({ key, effect }) => key === outOfService && effect === 'NoExecute') === true;

/** How long a pod may stay on its node: Infinity when nothing drives it away. Milliseconds. */
function toleratedMs(pod: Pod, { spec }: Node, now: number): number {
  const taints = (spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
  const left = taints.map((taint) => {
    const found = (pod.spec.tolerations ?? []).filter((toleration) => covers(toleration, taint));
    if (found.length === 0) return 0;
    const seconds = found.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
    if (seconds.length === 0) return Infinity;
    const since = taint.timeAdded === undefined ? now : Date.parse(taint.timeAdded);
    return since + Math.max(0, Math.min(...seconds)) * 1000 - now;
  });
  return Math.min(Infinity, ...left);
}

/** An empty key with Exists tolerates everything, an empty effect every effect. */
function covers({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === 'Exists' || (key !== undefined && (value ?? '') === (taint.value ?? ''));
}
