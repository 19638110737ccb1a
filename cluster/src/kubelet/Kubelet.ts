import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type PersistentVolumeClaim, type Pod, pods } from '../client/resources.ts';
import { freeAddress } from './addresses.ts';
import type { NodeFacts } from './nodeObject.ts';
import { NodeRegistration } from './NodeRegistration.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import { timestamp } from '../client/timestamp.ts';
import { mountFailures } from './mountFailures.ts';
import type { ImagePuller, PulledContainer, PullResult } from './images/ImagePuller.ts';
import type { PodProcess } from './PodProcesses.ts';
import { creatingContainers, podStatus, succeededStatus } from './podStatus.ts';
import type { Prober } from './probes/Prober.ts';

/** The workload behind the pods of a node: here, guests. */
export interface Workload {
  /** Ends what runs for the pod; resolves when it is over. */
  stop(pod: Pod, graceSeconds: number): Promise<boolean>;
  /** Is the guest of the pod paused? Then the pod is not Ready. */
  isPaused(pod: Pod): boolean;
  /** Those of its containers whose images this machine has to fetch. */
  images(pod: Pod): PulledContainer[];
  /** Has what ran for the pod come to its regular end? */
  hasSucceeded(pod: Pod): boolean;
  /**
   * For a pod that stands for a part of this program: since when the program runs, and whether all of it
   * works by now. Undefined for all other pods.
   */
  partOf(pod: Pod): { since: string; works: boolean } | undefined;
  /** What runs in a pod that is not a guest's. */
  process(pod: Pod): PodProcess | undefined;
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
  puller: ImagePuller;
  prober: Prober;
  /** On which programs of this machine await connections. */
  listeningAddresses: () => ReadonlySet<string>;
  clock: Clock;
  log: (message: string) => void;
}

/** How soon a pod that could not get its networks is tried again. */
const sandboxRetryMs = 5000;
/** How soon volumes that could not be set up are tried again; the kubelet's own back-off goes up to two minutes. */
const mountRetryMs = 2000;

type PodStatus = NonNullable<Pod['status']>;

/** One node: registers it, keeps its heartbeat, and reports the pods that are bound to it. */
export class Kubelet {
  readonly #is: Dependencies;
  readonly #addresses = new Map<string, string>();
  #taken: Set<string> | undefined;
  /** Addresses are given in turn, so that one that was just freed is not taken for its last owner. */
  #lastAddress: string | undefined;
  readonly #node: NodeRegistration;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#node = new NodeRegistration(dependencies);
  }

  /** Registers the node and begins its heartbeat. */
  start(): Promise<void> {
    return this.#node.start();
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const pod = this.#is.pods.get(key);
    if (!pod) {
      this.#is.prober.forgetGone();
      return {};
    }
    if (pod.spec.nodeName !== this.#is.facts.name) return {};
    if (pod.metadata.deletionTimestamp) return this.#remove(pod);
    const phase = pod.status?.phase ?? 'Pending';
    if (phase === 'Succeeded' || phase === 'Failed') {
      this.#is.prober.forget(pod);
      return {};
    }
    if (this.#is.workload.hasSucceeded(pod)) {
      await this.#patchStatus(pod, succeededStatus(pod, this.#now()));
      return {};
    }
    // What it was when the program was ended stays until the parts work again.
    if (this.#is.workload.partOf(pod)?.works === false) return {};
    if (!this.#volumesAreBound(pod)) return { requeueAfterMs: 1000 };
    if (phase === 'Pending' && this.#isAttachedElsewhere(pod)) return { requeueAfterMs: 1000 };
    if (phase === 'Pending' && !(await this.#mount(pod))) return { requeueAfterMs: mountRetryMs };
    const address = pod.spec.hostNetwork
      ? this.#is.facts.address
      : (pod.status?.podIP ?? this.#takeAddress(pod));
    const problem = await this.#is.networks.attach(pod, address);
    if (problem !== undefined && phase === 'Pending') {
      this.#is.recorder.warning(pod, 'FailedCreatePodSandBox', sandboxFailure(pod, problem));
      return { requeueAfterMs: sandboxRetryMs };
    }
    const reported = await this.#report(pod, address);
    // A network that was asked for meanwhile may come later.
    return problem === undefined ? reported : { requeueAfterMs: sandboxRetryMs };
  }

  #volumesAreBound(pod: Pod): boolean {
    return (pod.spec.volumes ?? []).every(({ persistentVolumeClaim }) => {
      if (!persistentVolumeClaim) return true;
      const { namespace } = pod.metadata;
      const claim = this.#is.claims.get({ namespace, name: persistentVolumeClaim.claimName });
      return claim?.status?.phase === 'Bound';
    });
  }

  /** A volume that one node at a time may use is not given to a second one (pkg/controller/volume/attachdetach). */
  #isAttachedElsewhere(pod: Pod): boolean {
    const { namespace = '' } = pod.metadata;
    return (pod.spec.volumes ?? []).some(({ persistentVolumeClaim }) => {
      const name = persistentVolumeClaim?.claimName;
      const claim = name && this.#is.claims.get({ namespace, name });
      if (!claim || !claim.spec.accessModes?.every((mode) => mode.startsWith('ReadWriteOnce')))
        return false;
      const users = this.#is.pods
        .byIndex('claim', `${namespace}/${name}`)
        .filter(
          ({ spec, status }) =>
            spec.nodeName !== undefined &&
            spec.nodeName !== this.#is.facts.name &&
            status?.phase === 'Running',
        );
      if (users.length === 0) return false;
      const by = users.map(({ metadata }) => metadata.name).join(', ');
      const text = `Multi-Attach error for volume "${claim.spec.volumeName ?? ''}" Volume is already used by pod(s) ${by}`;
      this.#is.recorder.warning(pod, 'FailedAttachVolume', text);
      return true;
    });
  }

  /** Sets up what is no claim; false when a part of it is not there. */
  async #mount(pod: Pod): Promise<boolean> {
    const failures = await mountFailures(pod, this.#is.client);
    if (failures.length === 0) return true;
    for (const text of failures) this.#is.recorder.warning(pod, 'FailedMount', text);
    await this.#patchStatus(pod, this.#statusOf(pod, undefined, creatingContainers(pod)));
    return false;
  }

  #statusOf(pod: Pod, podAddress: string | undefined, images: PullResult): PodStatus {
    const { workload, prober, facts } = this.#is;
    return podStatus(pod, {
      now: this.#now(),
      hostAddress: facts.address,
      podAddress,
      paused: workload.isPaused(pod),
      images,
      unready: prober.unready(pod),
      since: workload.partOf(pod)?.since,
      process: workload.process(pod),
    });
  }

  /**
   * The pod of a guest runs as soon as its volumes and images are there; it is Ready while the guest is
   * not paused and its probes succeed.
   */
  async #report(pod: Pod, address: string): Promise<{ requeueAfterMs?: number }> {
    const { workload, puller, prober } = this.#is;
    const images = puller.ensure(pod, workload.images(pod));
    const status = this.#statusOf(pod, address, images);
    await this.#patchStatus(pod, status);
    if (status.phase === 'Running') prober.follow(pod);
    return images.againAfterMs === undefined ? {} : { requeueAfterMs: images.againAfterMs };
  }

  async #patchStatus(pod: Pod, status: PodStatus): Promise<void> {
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
    const taken = this.#taken;
    // Another cluster of this machine may have guests there.
    const listening = this.#is.listeningAddresses();
    const address = freeAddress(
      this.#is.facts.podCidr,
      (one) => taken.has(one) || listening.has(one),
      this.#lastAddress,
    );
    taken.add(address);
    this.#lastAddress = address;
    this.#addresses.set(uid, address);
    return address;
  }

  async #remove(pod: Pod): Promise<{ requeueAfterMs?: number }> {
    const grace = pod.metadata.deletionGracePeriodSeconds ?? 30;
    this.#is.puller.forget(pod);
    this.#is.prober.forget(pod);
    const over = await this.#is.workload.stop(pod, grace);
    if (!over) return { requeueAfterMs: 500 };
    this.#addresses.delete(pod.metadata.uid);
    if (pod.status?.podIP && !pod.spec.hostNetwork) this.#taken?.delete(pod.status.podIP);
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
    this.#is.prober.close();
    this.#node.close();
  }
}

/** The kubelet's text for what Multus says. */
function sandboxFailure({ metadata }: Pod, problem: string): string {
  const { namespace = '', name, uid } = metadata;
  return `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox: error adding pod ${namespace}_${name} to CNI network "multus-cni-network": plugin type="multus" name="multus-cni-network" failed (add): [${namespace}/${name}/${uid}]: ${problem}`;
}
