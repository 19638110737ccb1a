import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { apiVersion, persistentVolumeClaims } from '~/k8s/models';
import { toQuantity } from '~/k8s/quantity';

const mebibyte = 2 ** 20;

/**
 * Size of a claim for the memory of a guest, bytes: KubeVirt asks for 100 MiB besides the memory, and counts
 * what the file system takes, 6 % (pkg/storage/memorydump at d923fdb).
 */
export function memoryDumpBytes(memoryBytes: number): number {
  return Math.ceil(((memoryBytes + 100 * mebibyte) * 1.06) / mebibyte) * mebibyte;
}

/** The claim for it. */
export function memoryDumpClaim(namespace: string, name: string, bytes: number) {
  return {
    apiVersion: apiVersion(persistentVolumeClaims),
    kind: persistentVolumeClaims.kind,
    metadata: { name, namespace },
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      resources: { requests: { storage: toQuantity(bytes) } },
    },
  };
}

export interface MemoryDumpState {
  claim: string;
  phase: string;
  /** Name of the file on the claim; empty before it is written. */
  file: string;
  /** ISO 8601; empty before it has begun or ended. */
  started: string;
  ended: string;
  /** Why it failed, in the server's words. */
  message: string;
  isUnderWay: boolean;
}

/** The memory dump that a VM has or had last; undefined without one. */
export function vmMemoryDump({ status }: V1VirtualMachine): MemoryDumpState | undefined {
  const request = status?.memoryDumpRequest;
  if (!request) return undefined;
  return {
    claim: request.claimName,
    phase: request.phase,
    file: request.fileName ?? '',
    started: request.startTimestamp ?? '',
    ended: request.endTimestamp ?? '',
    message: request.message ?? '',
    isUnderWay: request.phase !== 'Completed' && request.phase !== 'Failed',
  };
}
