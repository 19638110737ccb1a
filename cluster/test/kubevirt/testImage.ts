import type { GuestImage } from '../../src/guest-images/guestImages.ts';

/** A guest image of 64 MiB that a test makes in its own way, and the URL under which it is served. */
export function testImage(build: GuestImage['build']): GuestImage & { url: string } {
  return {
    url: 'docker://guest-images.kubevirt-os-images.svc/micro',
    name: 'micro',
    displayName: 'Test',
    description: 'Made by a test',
    virtualSizeBytes: 64 * 2 ** 20,
    minimumMemoryBytes: 64 * 2 ** 20,
    defaultUser: 'root',
    defaultInstancetype: 'u1.nano',
    defaultPreference: 'linux',
    digest: `sha256:${'7'.repeat(64)}`,
    debianPackages: [],
    build,
    cached: () => Promise.resolve(undefined),
  };
}
