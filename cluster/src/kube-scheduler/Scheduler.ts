import { hasReason } from '../apiserver/ApiError.ts';
import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { findNewest } from '../client/findNewest.ts';
import { type Informer, keyText } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import {
  type Condition,
  type Namespace,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  type Pod,
  pods,
  type StorageClass,
} from '../client/resources.ts';
import { schedule } from './schedule.ts';
import { timestamp } from '../client/timestamp.ts';
import { claimNames, type PodClaim } from './volumeFilters.ts';

interface Dependencies {
  client: KubeClient;
  pods: Informer<Pod>;
  nodes: Informer<Node>;
  namespaces: Informer<Namespace>;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  classes: Informer<StorageClass>;
  recorder: EventRecorder;
  clock: Clock;
}

/** Binds pods to nodes, one at a time so that two never take the same room. */
export class Scheduler {
  readonly #is: Dependencies;
  /** Pods bound here that the informer may not show as bound yet. */
  readonly #bound = new Map<string, Pod>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const pod = this.#is.pods.get(key);
    if (!pod || !isWaiting(pod)) return;
    if (this.#bound.has(pod.metadata.uid)) return;
    const placement = schedule(
      pod,
      this.#is.nodes.list(),
      this.#known(),
      (name) => this.#is.namespaces.get({ name })?.metadata.labels,
      await Promise.all(claimNames(pod).map((name) => this.#claimOf(pod, name))),
    );
    if ('node' in placement) await this.#bind(pod, placement.node);
    else await this.#refuse(pod, placement.unschedulable);
  }

  /** Pods that wait for room; they are worth another try when a pod goes or a node changes. */
  waiting(): ObjectKey[] {
    return this.#is.pods
      .list()
      .filter(isWaiting)
      .map(({ metadata }) => metadata);
  }

  /** Those of them that use a claim. */
  waitingFor(claim: ObjectKey): ObjectKey[] {
    return this.#is.pods
      .byIndex('claim', keyText(claim))
      .filter(isWaiting)
      .map(({ metadata }) => metadata);
  }

  async #claimOf({ metadata: { namespace } }: Pod, name: string): Promise<PodClaim> {
    const { claims, volumes, classes, client } = this.#is;
    const key = { namespace, name };
    const claim = claims.get(key) ?? (await findNewest(client, persistentVolumeClaims, key));
    const volume = volumes.get({ name: claim?.spec.volumeName ?? '' });
    const storageClass = classes.get({ name: claim?.spec.storageClassName ?? '' });
    const waitsForPod = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
    return { name, claim, volume, waitsForPod };
  }

  #known(): Pod[] {
    const known = this.#is.pods.list();
    for (const pod of known) if (pod.spec.nodeName) this.#bound.delete(pod.metadata.uid);
    const uids = new Set(known.map(({ metadata }) => metadata.uid));
    for (const uid of this.#bound.keys()) if (!uids.has(uid)) this.#bound.delete(uid);
    return [...known, ...this.#bound.values()];
  }

  async #bind(pod: Pod, node: string): Promise<void> {
    const { namespace = '', name, uid } = pod.metadata;
    const condition: Condition = {
      type: 'PodScheduled',
      status: 'True',
      lastTransitionTime: this.#now(),
    };
    try {
      // First: once the pod is bound its status is the kubelet's.
      await this.#status(pod, condition);
      await this.#is.client.patch(pods, pod.metadata, {
        type: 'merge',
        body: { metadata: { uid }, spec: { nodeName: node } },
      });
      this.#bound.set(uid, { ...pod, spec: { ...pod.spec, nodeName: node } });
    } catch (error) {
      if (hasReason(error, 'NotFound')) return;
      throw error;
    }
    this.#is.recorder.normal(
      pod,
      'Scheduled',
      `Successfully assigned ${namespace}/${name} to ${node}`,
    );
  }

  async #refuse(pod: Pod, message: string): Promise<void> {
    const before = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    if (before?.status === 'False' && before.message === message) return;
    this.#is.recorder.warning(pod, 'FailedScheduling', message);
    await this.#status(pod, {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: this.#now(),
    });
  }

  async #status(pod: Pod, condition: Condition): Promise<void> {
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
    await this.#is.client.patch(
      pods,
      pod.metadata,
      { type: 'merge', body: { status: { phase: 'Pending', conditions: [...others, condition] } } },
      { subresource: 'status' },
    );
  }

  #now(): string {
    return timestamp(this.#is.clock.now());
  }
}

const isWaiting = ({ spec, metadata }: Pod) => !spec.nodeName && !metadata.deletionTimestamp;
