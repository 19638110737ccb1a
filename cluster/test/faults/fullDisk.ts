import { execFileSync } from 'node:child_process';

import { onTestFinished } from 'vitest';

import type { Draft } from '../../src/client/KubeClient.ts';
import type { VirtualMachine } from '../../src/kubevirt/resources.ts';
import { blankDisk, diskVm, microDisk } from '../kubevirt/manifests.ts';

/** Makes the folder a file system of so many bytes (`40m`), in memory, until the test has finished. */
export function smallDisk(folder: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
}

/** Gives such a file system another size. */
export function resizeDisk(folder: string, size: string): void {
  execFileSync('mount', ['-o', `remount,size=${size}`, folder]);
}

/** A VM that boots the micro guest and has a second, empty disk, /dev/vdb. */
export function twoDiskVm(name: string): Draft<VirtualMachine> {
  return diskVm(name, {
    memory: '256Mi',
    template: microDisk(`${name}-root`),
    change({ spec }) {
      spec.dataVolumeTemplates?.push(blankDisk(`${name}-data`));
      spec.template.spec?.domain.devices.disks?.push({ name: 'data', disk: { bus: 'virtio' } });
      spec.template.spec?.volumes?.push({ name: 'data', dataVolume: { name: `${name}-data` } });
    },
  });
}
