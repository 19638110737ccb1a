import { createHash } from 'node:crypto';

export interface PullRequest {
  /** As in a pod: `quay.io/containerdisks/fedora:40`. */
  image: string;
  /** Always, IfNotPresent or Never. */
  policy: string;
  files: readonly WantedFile[];
  user?: { name: string; password: string } | undefined;
  signal: AbortSignal;
}

/** What of an image is wanted. */
export interface WantedFile {
  /** Absent: what is in `/disk`. */
  path?: string | undefined;
  /** A disk for QEMU, which is looked at first; else any file. */
  isDisk: boolean;
}

export interface Pulled {
  /** Of the image (`sha256:...`). */
  digest: string;
  /** Bytes that came over the network, 0 when the file was there already. */
  bytes: number;
}

export interface ImageFile {
  path: string;
  format: 'qcow2' | 'raw';
}

/** The policy is Never, and the image is not here. */
export class NeverPulled extends Error {
  constructor(image: string) {
    super(`Container image "${image}" is not present with pull policy of Never`);
  }
}

/** The disks in container images that are on this machine. */
export interface ContainerImages {
  /** Makes sure that the files are here; rejects with the registry's reason, or with NeverPulled. */
  pull(request: PullRequest): Promise<Pulled>;
  /** The file of an image that was pulled. */
  file(digest: string, path?: string): Promise<ImageFile>;
  list(): Promise<KeptImage[]>;
  /** Notes that an image is in use; `at` is in milliseconds since the epoch. */
  touch(digest: string, at: number): Promise<void>;
  remove(digest: string): Promise<void>;
}

/** An image that was pulled. */
export interface KeptImage {
  digest: string;
  bytes: number;
  /** Milliseconds since the epoch. */
  lastUsed: number;
}

/**
 * Of the simulated runtime: nothing is fetched, for no guest reads it. Failures are provoked by the name of
 * the image, which users choose: `fails-to-pull` in it.
 */
export const simulatedContainerImages: ContainerImages = {
  pull({ image, policy }) {
    if (policy === 'Never') return Promise.reject(new NeverPulled(image));
    if (image.includes('fails-to-pull')) {
      return Promise.reject(new Error(`${image}: not found (its name asks for it)`));
    }
    const digest = `sha256:${createHash('sha256').update(image).digest('hex')}`;
    return Promise.resolve({ digest, bytes: 0 });
  },
  file: (digest) => Promise.resolve({ path: digest, format: 'raw' }),
  list: () => Promise.resolve([]),
  touch: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
