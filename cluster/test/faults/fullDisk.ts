import { execFileSync } from 'node:child_process';

import { onTestFinished } from 'vitest';

import type { Draft } from '../../src/client/KubeClient.ts';
import type { VirtualMachine } from '../../src/kubevirt/resources.ts';
import { type GuestImage, guestImages } from '../../src/guest-images/guestImages.ts';
import { blankDisk, diskVm } from '../kubevirt/manifests.ts';

/** Makes the folder a file system of so many bytes (`40m`), in memory, until the test has finished. */
export function smallDisk(folder: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
}

/** Gives such a file system another size. */
export function resizeDisk(folder: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, folder]);
}

/** The boot source `micro`, whose image is made once for all runs. */
export function microSources(): GuestImage[] {
  const cache = new URL('../../../node_modules/.cache/virtdeck', import.meta.url).pathname;
  return guestImages(cache, () => undefined).filter(({ name }) => name === 'micro');
}

/** A VM that boots the micro guest and has a second, empty disk, /dev/vdb. */
export function twoDiskVm(name: string): Draft<VirtualMachine> {
  const sourceRef = { kind: 'DataSource', name: 'micro', namespace: 'kubevirt-os-images' };
  return diskVm(name, {
    memory: '256Mi',
    template: { metadata: { name: `${name}-root` }, spec: { sourceRef, storage: {} } },
    change({ spec }) {
      spec.dataVolumeTemplates?.push(blankDisk(`${name}-data`));
      spec.template.spec?.domain.devices.disks?.push({ name: 'data', disk: { bus: 'virtio' } });
      spec.template.spec?.volumes?.push({ name: 'data', dataVolume: { name: `${name}-data` } });
    },
  });
}
