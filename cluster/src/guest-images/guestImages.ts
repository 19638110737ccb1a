import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { debianRecipe, debianSize } from './buildDebian.ts';
import { microRecipe, microSize } from './buildMicro.ts';
import { ImageCache, type Progress, type Recipe } from './imageCache.ts';

/** A guest's disk image that this machine can make from Debian's packages. */
export interface GuestImage {
  name: 'micro' | 'debian-12';
  displayName: string;
  description: string;
  virtualSizeBytes: number;
  minimumMemoryBytes: number;
  defaultUser: string;
  /** The cluster-wide instance type and preference that a VM of this image gets unless told otherwise. */
  defaultInstancetype: string;
  defaultPreference: string;
  /** `sha256:...` of the recipe by which it is made: another one asks for the image to be made again. */
  digest: string;
  /** Debian packages that must be installed on this machine to make it. */
  debianPackages: string[];
  /**
   * Makes the image, or finds it made; gives the path of its qcow2 file, which must not be written to.
   * `fraction` goes from 0 to 1. Rejects with a sentence for people, also when `signal` was aborted.
   */
  build(onProgress: Progress, signal: AbortSignal): Promise<string>;
  /** The path of the finished image, undefined when it must be made (again). */
  cached(): Promise<string | undefined>;
}

/** The images of a data folder; made ones are kept in its `images`. */
export function guestImages(dataDir: string, log: (text: string) => void): GuestImage[] {
  const cache = new ImageCache(join(dataDir, 'images'));
  const make = (
    facts: Omit<GuestImage, 'build' | 'cached' | 'digest'>,
    recipe: Recipe,
  ): GuestImage => ({
    ...facts,
    digest: `sha256:${createHash('sha256').update(recipe.key).digest('hex')}`,
    cached: () => Promise.resolve(cache.find(facts.name, recipe)),
    async build(onProgress, signal) {
      const start = Date.now();
      const path = await cache.build(facts.name, recipe, onProgress, signal);
      log(`Image ${facts.name} is ready after ${Math.round((Date.now() - start) / 1000)} s`);
      return path;
    },
  });
  return [
    make(
      {
        name: 'micro',
        displayName: 'Micro Linux',
        description:
          'Busybox on Debian’s cloud kernel: starts in seconds, serves SSH and a web page on port 80',
        virtualSizeBytes: microSize,
        minimumMemoryBytes: 128 * 2 ** 20,
        defaultUser: 'root',
        defaultInstancetype: 'u1.nano',
        defaultPreference: 'linux',
        debianPackages: ['qemu-utils', 'e2fsprogs'],
      },
      microRecipe,
    ),
    make(
      {
        name: 'debian-12',
        displayName: 'Debian 12',
        description:
          'Debian 12 with systemd, cloud-init, SSH and the guest agent; a user and its password or key come from cloud-init',
        virtualSizeBytes: debianSize,
        minimumMemoryBytes: 512 * 2 ** 20,
        defaultUser: 'debian',
        defaultInstancetype: 'u1.micro',
        // The preference `debian` boots by EFI, for which the image has no boot loader.
        defaultPreference: 'linux',
        debianPackages: ['qemu-utils', 'e2fsprogs', 'mmdebstrap', 'uidmap'],
      },
      debianRecipe,
    ),
  ];
}
