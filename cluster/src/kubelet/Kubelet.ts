import { hasReason } from '../apiserver/ApiError.ts';
import type { Clock, Timer } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import {
  type Condition,
  leases,
  nodes,
  type PersistentVolumeClaim,
  type Pod,
  pods,
} from '../client/resources.ts';
import { freeAddress } from './addresses.ts';
import { nodeObject, type NodeFacts } from './nodeObject.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import { timestamp } from '../client/timestamp.ts';

/** The workload behind the pods of a node: here, guests. */
export interface Workload {
  /** Ends what runs for the pod; resolves when it is over. */
  stop(pod: Pod, graceSeconds: number): Promise<boolean>;
  /** Is the guest of the pod paused? Then the pod is not Ready. */
  isPaused(pod: Pod): boolean;
  /** Has what ran for the pod come to its regular end? */
  hasSucceeded(pod: Pod): boolean;
}

/** Connects pods to networks. */
export interface PodNetworks {
  /** Gives why the pod cannot have one of its networks; undefined when it has them all. */
  attach(pod: Pod, address: string): Promise<string | undefined>;
}

interface Dependencies {
  facts: NodeFacts;
  client: KubeClient;
  pods: Informer<Pod>;
  claims: Informer<PersistentVolumeClaim>;
  workload: Workload;
  networks: PodNetworks;
  recorder: EventRecorder;
  clock: Clock;
  log: (message: string) => void;
}

const heartbeatMs = 60_000;
/** The node's lease, by which others see that it is there (Kubernetes' defaults). */
const renewMs = 10_000;
const leaseSeconds = 40;
/** How soon a pod that could not get its networks is tried again. */
const sandboxRetryMs = 5000;

/** One node: registers it, keeps its heartbeat, and reports the pods that are bound to it. */
export class Kubelet {
  readonly #is: Dependencies;
  readonly #addresses = new Map<string, string>();
  #taken: Set<string> | undefined;
  /** Addresses are given in turn, so that one that was just freed is not taken for its last owner. */
  #lastAddress: string | undefined;
  #timer: Timer | undefined;
  #renewal: Timer | undefined;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Makes the Node, or refreshes the one of the last run, and begins its heartbeat. */
  async start(): Promise<void> {
    const { client, facts } = this.#is;
    const wanted = nodeObject(facts, this.#now());
    const { labels, name } = wanted.metadata;
    const key = { name: name ?? '' };
    try {
      await client.patch(nodes, key, { type: 'merge', body: { metadata: { labels } } });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
      await client.create(nodes, wanted);
    }
    const { status } = wanted;
    await client.patch(nodes, key, { type: 'merge', body: { status } }, { subresource: 'status' });
    await this.#renew();
    this.#beat();
    this.#renewLater();
  }

  #renewLater(): void {
    this.#renewal = this.#is.clock.setTimeout(() => {
      this.#renew().catch((error: unknown) => {
        this.#is.log(`kubelet ${this.#is.facts.name}: lease: ${String(error)}`);
      });
      this.#renewLater();
    }, renewMs);
  }

  async #renew(): Promise<void> {
    const { name } = this.#is.facts;
    const key = { namespace: 'kube-node-lease', name };
    const renewTime = new Date(this.#is.clock.now()).toISOString().replace('Z', '000Z');
    const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime };
    try {
      await this.#is.client.patch(leases, key, { type: 'merge', body: { spec } });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
      await this.#is.client.create(leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: key,
        spec,
      });
    }
  }

  #beat(): void {
    this.#timer = this.#is.clock.setTimeout(() => {
      void this.#heartbeat().catch((error: unknown) => {
        this.#is.log(`kubelet ${this.#is.facts.name}: heartbeat: ${String(error)}`);
      });
      this.#beat();
    }, heartbeatMs);
  }

  async #heartbeat(): Promise<void> {
    const node = await this.#is.client.get(nodes, { name: this.#is.facts.name });
    const conditions = (node.status?.conditions ?? []).map((condition) => ({
      ...condition,
      lastHeartbeatTime: this.#now(),
    }));
    await this.#is.client.patch(
      nodes,
      node.metadata,
      { type: 'merge', body: { status: { conditions } } },
      { subresource: 'status' },
    );
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const pod = this.#is.pods.get(key);
    if (!pod || pod.spec.nodeName !== this.#is.facts.name) return {};
    if (pod.metadata.deletionTimestamp) return this.#remove(pod);
    const phase = pod.status?.phase ?? 'Pending';
    if (phase === 'Succeeded' || phase === 'Failed') return {};
    if (this.#is.workload.hasSucceeded(pod)) {
      await this.#patchStatus(pod, succeededStatus(pod, this.#now()));
      return {};
    }
    if (!this.#volumesAreBound(pod)) return { requeueAfterMs: 1000 };
    const address = pod.status?.podIP ?? this.#takeAddress(pod);
    const problem = await this.#is.networks.attach(pod, address);
    if (problem !== undefined && phase === 'Pending') {
      this.#is.recorder.warning(pod, 'FailedCreatePodSandBox', sandboxFailure(pod, problem));
      return { requeueAfterMs: sandboxRetryMs };
    }
    await this.#report(pod, address);
    // A network that was asked for meanwhile may come later.
    return problem === undefined ? {} : { requeueAfterMs: sandboxRetryMs };
  }

  #volumesAreBound(pod: Pod): boolean {
    return (pod.spec.volumes ?? []).every(({ persistentVolumeClaim }) => {
      if (!persistentVolumeClaim) return true;
      const { namespace } = pod.metadata;
      const claim = this.#is.claims.get({ namespace, name: persistentVolumeClaim.claimName });
      return claim?.status?.phase === 'Bound';
    });
  }

  /** The pod of a guest runs as soon as its volumes are there; it is Ready while the guest is not paused. */
  async #report(pod: Pod, address: string): Promise<void> {
    const now = this.#now();
    const paused = this.#is.workload.isPaused(pod);
    const condition = (type: string, status: 'True' | 'False', reason?: string): Condition => {
      const before = pod.status?.conditions?.find((known) => known.type === type);
      const lastTransitionTime =
        before?.status === status ? (before.lastTransitionTime ?? now) : now;
      return { type, status, lastTransitionTime, ...(reason && { reason }) };
    };
    const unpaused = paused ? 'False' : 'True';
    const status: NonNullable<Pod['status']> = {
      ...pod.status,
      phase: 'Running',
      conditions: [
        condition('PodScheduled', 'True'),
        condition('Initialized', 'True'),
        condition(
          'kubevirt.io/virtual-machine-unpaused',
          unpaused,
          paused ? 'Paused' : 'NotPaused',
        ),
        condition('ContainersReady', 'True'),
        condition('Ready', unpaused, paused ? 'ReadinessGatesNotReady' : undefined),
      ],
      hostIP: this.#is.facts.address,
      hostIPs: [{ ip: this.#is.facts.address }],
      podIP: address,
      podIPs: [{ ip: address }],
      startTime: pod.status?.startTime ?? now,
      qosClass: 'Burstable',
      containerStatuses: pod.spec.containers.map(({ name, image = '' }) => ({
        name,
        ready: true,
        started: true,
        restartCount: 0,
        image,
        imageID: '',
        state: { running: { startedAt: pod.status?.startTime ?? now } },
      })),
    };
    await this.#patchStatus(pod, status);
  }

  async #patchStatus(pod: Pod, status: NonNullable<Pod['status']>): Promise<void> {
    if (JSON.stringify(status) === JSON.stringify(pod.status)) return;
    await ignoreGone(
      this.#is.client.patch(
        pods,
        pod.metadata,
        { type: 'merge', body: { status } },
        { subresource: 'status' },
      ),
    );
  }

  #takeAddress(pod: Pod): string {
    const { uid } = pod.metadata;
    const known = this.#addresses.get(uid);
    if (known) return known;
    if (!this.#taken) {
      // Those of the pods that ran here before this program was started.
      const before = this.#is.pods.list().flatMap(({ status }) => status?.podIP ?? []);
      this.#taken = new Set(before);
    }
    const address = freeAddress(this.#is.facts.podCidr, this.#taken, this.#lastAddress);
    this.#taken.add(address);
    this.#lastAddress = address;
    this.#addresses.set(uid, address);
    return address;
  }

  async #remove(pod: Pod): Promise<{ requeueAfterMs?: number }> {
    const grace = pod.metadata.deletionGracePeriodSeconds ?? 30;
    const over = await this.#is.workload.stop(pod, grace);
    if (!over) return { requeueAfterMs: 500 };
    this.#addresses.delete(pod.metadata.uid);
    if (pod.status?.podIP) this.#taken?.delete(pod.status.podIP);
    await ignoreGone(
      this.#is.client.delete(pods, pod.metadata, {
        gracePeriodSeconds: 0,
        preconditions: { uid: pod.metadata.uid },
      }),
    );
    return {};
  }

  #now(): string {
    return timestamp(this.#is.clock.now());
  }

  close(): void {
    for (const timer of [this.#timer, this.#renewal]) {
      if (timer !== undefined) this.#is.clock.clearTimeout(timer);
    }
  }
}

/** The kubelet's text for what Multus says. */
function sandboxFailure({ metadata }: Pod, problem: string): string {
  const { namespace = '', name, uid } = metadata;
  return `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox: error adding pod ${namespace}_${name} to CNI network "multus-cni-network": plugin type="multus" name="multus-cni-network" failed (add): [${namespace}/${name}/${uid}]: ${problem}`;
}

/** The status of a pod all of whose containers have ended with exit code 0. */
function succeededStatus({ status }: Pod, now: string): NonNullable<Pod['status']> {
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
