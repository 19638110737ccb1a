import { hasReason } from '../apiserver/ApiError.ts';
import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type Lease, type Node, nodes, type Pod, pods, type Taint } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';

interface Dependencies {
  client: KubeClient;
  nodes: Informer<Node>;
  /** Those of the nodes are in the namespace kube-node-lease. */
  leases: Informer<Lease>;
  /** With the index `node`. */
  pods: Informer<Pod>;
  recorder: EventRecorder;
  clock: Clock;
}

const lookMs = 5000;
/** Looks without a new lease after which a node is given up: 50 s, Kubernetes' grace period. */
const mostMisses = 10;
const prefix = 'node.kubernetes.io/';
const own = ['unschedulable', 'not-ready', 'unreachable'].map((name) => prefix + name);

/**
 * Sees by their leases which nodes are still there, and keeps their taints. Kubernetes:
 * pkg/controller/nodelifecycle (1.33). A lease is late by the number of looks that found it as it was and
 * not by the clock, so that no node is lost when the machine has slept.
 */
export class NodeLifecycleController {
  readonly #is: Dependencies;
  readonly #seen = new Map<string, { renewTime: string | undefined; misses: number }>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** One look at all leases. */
  async look(): Promise<{ requeueAfterMs: number }> {
    for (const node of this.#is.nodes.list()) {
      const { name } = node.metadata;
      const lease = this.#is.leases.get({ namespace: 'kube-node-lease', name });
      const renewTime = lease?.spec?.renewTime;
      const before = this.#seen.get(name);
      const misses = before && before.renewTime === renewTime ? before.misses + 1 : 0;
      this.#seen.set(name, { renewTime, misses });
      const isKnown = ['True', 'False'].includes(readiness(node) ?? '');
      if (misses >= mostMisses && isKnown) await this.#giveUp(node);
    }
    return { requeueAfterMs: lookMs };
  }

  async #giveUp(node: Node): Promise<void> {
    const now = timestamp(this.#is.clock.now());
    const conditions = (node.status?.conditions ?? []).map((condition) => ({
      ...condition,
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastTransitionTime: now,
    }));
    const { name } = node.metadata;
    await this.#is.client.patch(
      nodes,
      { name },
      { type: 'merge', body: { status: { conditions } } },
      { subresource: 'status' },
    );
    this.#is.recorder.normal(node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    for (const pod of this.#is.pods.byIndex('node', name)) await this.#markNotReady(pod, now);
  }

  async #markNotReady(pod: Pod, now: string): Promise<void> {
    const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True') return;
    const conditions = pod.status?.conditions?.map((condition) =>
      condition === ready ? { ...condition, status: 'False', lastTransitionTime: now } : condition,
    );
    await ignoreGone(
      this.#is.client.patch(
        pods,
        pod.metadata,
        { type: 'merge', body: { status: { conditions } } },
        { subresource: 'status' },
      ),
    );
    this.#is.recorder.warning(pod, 'NodeNotReady', 'Node is not ready');
  }

  /** Gives a node the taints that follow from its state, and leaves the others. */
  async reconcile(key: ObjectKey): Promise<void> {
    const node = this.#is.nodes.get(key);
    if (!node || node.metadata.deletionTimestamp) return;
    const before = node.spec?.taints ?? [];
    const now = timestamp(this.#is.clock.now());
    const wanted = taintsOf(node, now).map(
      (taint) => before.find((known) => isSame(known, taint)) ?? taint,
    );
    const taints = [...before.filter(({ key: name }) => !own.includes(name)), ...wanted];
    const same = taints.length === before.length && taints.every((taint) => before.includes(taint));
    if (same) return;
    const { name, resourceVersion } = node.metadata;
    try {
      const body = { metadata: { resourceVersion }, spec: { taints } };
      await this.#is.client.patch(nodes, { name }, { type: 'merge', body });
    } catch (error) {
      // Somebody else has changed it: that change comes, and with it this function.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
    }
  }
}

const readiness = ({ status }: Node) =>
  status?.conditions?.find(({ type }) => type === 'Ready')?.status;

const isSame = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;

function taintsOf(node: Node, timeAdded: string): Taint[] {
  // Without the condition its kubelet is about to report for the first time.
  const ready = readiness(node) ?? 'True';
  const gone = { False: 'not-ready', Unknown: 'unreachable', True: undefined }[ready];
  const effects = ['NoSchedule', 'NoExecute'] as const;
  return [
    ...(node.spec?.unschedulable
      ? [{ key: `${prefix}unschedulable`, effect: 'NoSchedule' as const, timeAdded }]
      : []),
    ...(gone === undefined
      ? []
      : effects.map((effect) => ({ key: prefix + gone, effect, timeAdded }))),
  ];
}
