import type { Clock } from '../../client/Clock.ts';
import type { Informer } from '../../client/Informer.ts';
import type { Pod } from '../../client/resources.ts';
import type { ContainerImages, KeptImage } from './ContainerImages.ts';

interface Dependencies {
  images: ContainerImages;
  /** Of all nodes: they share the images of this machine. */
  pods: Informer<Pod>;
  /** Bytes of the file system with the images. */
  usage: () => Promise<{ used: number; size: number }>;
  clock: Clock;
}

/** As the kubelet (pkg/kubelet/kubelet.go, ImageGCPeriod, Kubernetes 1.33). */
const lookMs = 5 * 60_000;
/** imageMinimumGCAge: an image may have come for a pod that is not seen yet. */
const leastUnusedMs = 2 * 60_000;
/** imageMaximumGCAge, which kubelets do not set unless told. */
const longestUnusedMs = 7 * 24 * 3_600_000;
/** imageGCHighThresholdPercent and imageGCLowThresholdPercent: above the one, down to the other. */
const highShare = 0.85;
const lowShare = 0.8;

/**
 * Removes container images that no pod uses: all that nobody used for a week, and when the disk gets full those
 * that were not used for the longest time (pkg/kubelet/images/image_gc_manager.go, Kubernetes 1.33).
 */
export class ImageCollector {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async look(): Promise<{ requeueAfterMs: number }> {
    const { images, clock } = this.#is;
    const now = clock.now();
    const inUse = this.#inUse();
    const unused: KeptImage[] = [];
    for (const image of await images.list()) {
      if (inUse.has(image.digest)) await images.touch(image.digest, now);
      else if (now - image.lastUsed >= leastUnusedMs) unused.push(image);
    }
    unused.sort((a, b) => a.lastUsed - b.lastUsed);
    const { used, size } = await this.#is.usage();
    let toFree = used > size * highShare ? used - size * lowShare : 0;
    for (const { digest, bytes, lastUsed } of unused) {
      if (toFree <= 0 && now - lastUsed < longestUnusedMs) continue;
      await images.remove(digest);
      toFree -= bytes;
    }
    return { requeueAfterMs: lookMs };
  }

  #inUse(): Set<string> {
    const isDone = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed';
    const live = this.#is.pods.list().filter((pod) => !isDone(pod));
    const containers = live.flatMap(({ status }) => status?.containerStatuses ?? []);
    return new Set(containers.map(({ imageID }) => imageID));
  }
}
