import type { GuestImage } from '../../src/guest-images/guestImages.ts';

/** A guest image of 64 MiB that a test makes in its own way, and the URL under which it is served. */
export function testImage(build: GuestImage['build']): GuestImage & { url: string } {
  return {
    url: 'http://guest-images.kubevirt-os-images.svc/micro.qcow2',
    name: 'micro',
    displayName: 'Test',
    description: 'Made by a test',
    virtualSizeBytes: 64 * 2 ** 20,
    minimumMemoryBytes: 64 * 2 ** 20,
    defaultUser: 'root',
    defaultInstancetype: 'u1.nano',
    defaultPreference: 'linux',
    debianPackages: [],
    build,
    cached: () => Promise.resolve(undefined),
  };
}
