import { posix } from 'node:path';

import type { V1KernelBoot } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { type Cause, invalid, required } from './Cause.ts';

/** A kernel that is not on a disk (ADM/vmi-create-admitter.go, validateKernelBoot, d923fdb). */
export function validateKernelBoot(field: string, kernelBoot: V1KernelBoot | undefined): Cause[] {
  if (!kernelBoot) return [];
  const { container, kernelArgs } = kernelBoot;
  if (!container) {
    const message = 'kernel arguments cannot be provided without an external kernel';
    return kernelArgs ? [invalid(`${field}.kernelArgs`, message)] : [];
  }
  const at = `${field}.container`;
  const { image, kernelPath, initrdPath } = container;
  return [
    ...(image ? [] : [required(`${at}.image`, `${at} must be defined with an image`)]),
    ...(kernelPath || initrdPath
      ? []
      : [
          required(
            at,
            `${at} must be defined with at least one of the following: kernelPath, initrdPath`,
          ),
        ]),
    ...validatePath(`${at}.kernelPath`, kernelPath),
    ...validatePath(`${at}.initrdPath`, initrdPath),
  ];
}

function validatePath(field: string, path: string | undefined): Cause[] {
  if (!path) return [];
  if (path === '/') return [invalid(field, `${field} must not point to root`)];
  if (posix.join('/', path) === path) return [];
  return [invalid(field, `${field} must be an absolute path to a file without relative elements`)];
}
