import type { Clock } from '../../client/Clock.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { type Pod, secrets } from '../../client/resources.ts';
import { messageOf } from '../../client/messageOf.ts';
import { type ContainerImages, NeverPulled, type WantedFile } from './ContainerImages.ts';
import { registryUser } from './registryUser.ts';

interface Dependencies {
  client: KubeClient;
  images: ContainerImages;
  recorder: EventRecorder;
  clock: Clock;
}

/** One container whose image this machine has to fetch. */
export interface PulledContainer {
  name: string;
  image: string;
  policy: string;
  /** Those in the image that are wanted. */
  files: readonly WantedFile[];
}

type Pull =
  | { state: 'running'; abort: AbortController }
  | { state: 'done'; digest: string }
  | {
      state: 'failed';
      reason: string;
      message: string;
      failures: number;
      since: number;
      until: number;
    };

export interface Waiting {
  reason: string;
  message?: string;
}

export interface PullResult {
  /** By container; those that wait have none. */
  digests: ReadonlyMap<string, string>;
  waiting: ReadonlyMap<string, Waiting>;
  /** When to ask again; undefined once all are here. */
  againAfterMs?: number;
}

const lookMs = 300;
/** How long a failure is shown before the back-off. */
const shownMs = 5000;
/** The kubelet's back-off (pkg/kubelet/kubelet.go, Kubernetes 1.33: MaxImageBackOff). */
const firstBackoffMs = 10_000;
const longestBackoffMs = 300_000;

/** Fetches the images of pods, with the kubelet's events, reasons and back-off (pkg/kubelet/images). */
export class ImagePuller {
  readonly #is: Dependencies;
  readonly #pulls = new Map<string, Pull>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** How far the images of a pod are; begins what has not begun. */
  ensure(pod: Pod, containers: readonly PulledContainer[]): PullResult {
    const digests = new Map<string, string>();
    const waiting = new Map<string, Waiting>();
    let againAfterMs: number | undefined;
    for (const container of containers) {
      const before = pod.status?.containerStatuses?.find(({ name }) => name === container.name);
      if (before?.imageID) {
        digests.set(container.name, before.imageID);
        continue;
      }
      const pull = this.#look(pod, container);
      if (pull.state === 'done') {
        digests.set(container.name, pull.digest);
        continue;
      }
      const left = this.#timeTo(pull);
      againAfterMs = Math.min(againAfterMs ?? left, Math.max(lookMs, left));
      waiting.set(container.name, this.#waiting(pod, container, pull));
    }
    return { digests, waiting, ...(againAfterMs !== undefined && { againAfterMs }) };
  }

  /** Ends what is under way for a pod that goes. */
  forget(pod: Pod): void {
    for (const [key, pull] of this.#pulls) {
      if (!key.startsWith(`${pod.metadata.uid}/`)) continue;
      if (pull.state === 'running') pull.abort.abort();
      this.#pulls.delete(key);
    }
  }

  /** Until something about it changes by time alone, or is to be looked at. */
  #timeTo(pull: Pull): number {
    if (pull.state !== 'failed') return lookMs;
    const now = this.#is.clock.now();
    return (now < pull.since + shownMs ? pull.since + shownMs : pull.until) - now;
  }

  #look(pod: Pod, container: PulledContainer): Pull {
    const key = `${pod.metadata.uid}/${container.name}`;
    const known = this.#pulls.get(key);
    const isOver = known?.state === 'failed' && known.until <= this.#is.clock.now();
    if (known && !isOver) return known;
    const begun: Pull = { state: 'running', abort: new AbortController() };
    this.#pulls.set(key, begun);
    const failures = known?.state === 'failed' ? known.failures : 0;
    void this.#pull(pod, container, begun.abort.signal, failures).then((result) => {
      // It may have been forgotten meanwhile.
      if (this.#pulls.get(key) === begun) this.#pulls.set(key, result);
    });
    return begun;
  }

  async #pull(
    pod: Pod,
    { image, policy, files }: PulledContainer,
    signal: AbortSignal,
    failures: number,
  ): Promise<Pull> {
    const { recorder, images, clock } = this.#is;
    const begin = clock.now();
    try {
      if (policy === 'Always') recorder.normal(pod, 'Pulling', `Pulling image "${image}"`);
      const user = await this.#user(pod, image);
      const { digest, bytes } = await images.pull({ image, policy, files, user, signal });
      const seconds = `${((clock.now() - begin) / 1000).toFixed(3)}s`;
      const text =
        bytes === 0 && policy !== 'Always'
          ? `Container image "${image}" already present on machine`
          : `Successfully pulled image "${image}" in ${seconds} (${seconds} including waiting). Image size: ${bytes} bytes.`;
      recorder.normal(pod, 'Pulled', text);
      return { state: 'done', digest };
    } catch (error) {
      const message = messageOf(error);
      const never = error instanceof NeverPulled;
      const reason = never ? 'ErrImageNeverPull' : 'ErrImagePull';
      if (!signal.aborted) {
        const text = never ? message : `Failed to pull image "${image}": ${message}`;
        recorder.warning(pod, 'Failed', text);
        recorder.warning(pod, 'Failed', `Error: ${reason}`);
      }
      const delay = Math.min(longestBackoffMs, firstBackoffMs * 2 ** failures);
      const since = clock.now();
      return {
        state: 'failed',
        reason,
        message,
        failures: failures + 1,
        since,
        until: since + delay,
      };
    }
  }

  /** A failure is shown first as itself, then as one that is tried again later. */
  #waiting(pod: Pod, { name, image }: PulledContainer, pull: Pull): Waiting {
    const before = pod.status?.containerStatuses?.find((one) => one.name === name)?.state?.waiting;
    if (pull.state !== 'failed') return { reason: 'ContainerCreating', ...before };
    const { reason, message } = pull;
    const isNew = this.#is.clock.now() < pull.since + shownMs;
    if (reason === 'ErrImageNeverPull' || isNew) return { reason, message };
    if (before?.reason === 'ErrImagePull') {
      this.#is.recorder.normal(pod, 'BackOff', `Back-off pulling image "${image}"`);
      this.#is.recorder.warning(pod, 'Failed', 'Error: ImagePullBackOff');
    }
    const text = `Back-off pulling image "${image}": ErrImagePull: ${message}`;
    return { reason: 'ImagePullBackOff', message: text };
  }

  async #user(pod: Pod, image: string) {
    for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
      const secret = await this.#is.client.get(secrets, { ...pod.metadata, name });
      const user = registryUser(secret, image);
      if (user) return user;
    }
    return undefined;
  }
}
