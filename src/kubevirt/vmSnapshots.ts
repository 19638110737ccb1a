import { apiVersion, virtualMachineRestores, virtualMachineSnapshots } from '~/k8s/models';
import { shellQuote } from '~/k8s/shellQuote';
import type { VmRef } from '~/kubevirt/vmCall';

/** How a snapshot is taken; `failureDeadline` is the time in seconds after which it is given up. */
export interface SnapshotOrder {
  name: string;
  failureDeadline: number;
}

/** The VirtualMachineSnapshot of an order. */
export function snapshotManifest(vm: VmRef, { name, failureDeadline }: SnapshotOrder) {
  return {
    apiVersion: apiVersion(virtualMachineSnapshots),
    kind: virtualMachineSnapshots.kind,
    metadata: { name, namespace: vm.namespace },
    spec: {
      source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vm.name },
      failureDeadline: `${failureDeadline}s`,
    },
  };
}

/**
 * How a VM is put back. A running one has to stop first: `stop` has the cluster do it, else the restore
 * waits for it. `inPlace`: new claims take the names of those that there are, which go.
 */
export interface RestoreOrder {
  /** Name of the VirtualMachineSnapshot. */
  snapshot: string;
  stop: boolean;
  inPlace: boolean;
}

/** The VirtualMachineRestore of an order. */
export function restoreManifest(vm: VmRef, { snapshot, stop, inPlace }: RestoreOrder) {
  return {
    apiVersion: apiVersion(virtualMachineRestores),
    kind: virtualMachineRestores.kind,
    metadata: { generateName: `${snapshot}-`, namespace: vm.namespace },
    spec: {
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vm.name },
      virtualMachineSnapshotName: snapshot,
      targetReadinessPolicy: stop ? 'StopTarget' : 'WaitEventually',
      ...(inPlace && { volumeRestorePolicy: 'InPlace' }),
    },
  };
}

/** Deletes a snapshot, in a terminal. */
export function deleteSnapshotCommand({ namespace, name }: VmRef): string {
  return `kubectl delete virtualmachinesnapshot ${shellQuote(name)} --namespace ${shellQuote(namespace)}`;
}

/** `20261123-0725`, for names that sort by time. */
export function timeName(date: Date): string {
  return date.toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
}

/** What is kept of a VirtualMachineSnapshot. */
export interface SnapshotRow {
  name: string;
  /** Of the VM that it was taken of. */
  vm: string;
  /** ISO 8601; of the object where the snapshot itself has no time yet. */
  created: string;
  phase: string;
  /** It can be restored, which its phase does not say. */
  isReady: boolean;
  /** In the server's words; empty when all is well. */
  failure: string;
  /** How the guest was caught: `Online`, `GuestAgent`, with the server's explanation. */
  indications: readonly { name: string; message: string }[];
  excluded: readonly string[];
}

interface Snapshot {
  metadata?: { name?: string; creationTimestamp?: string; deletionTimestamp?: string };
  spec?: { source?: { name?: string } };
  status?: {
    phase?: string;
    readyToUse?: boolean;
    creationTime?: string | null;
    error?: { message?: string };
    indications?: string[];
    sourceIndications?: { indication?: string; message?: string }[];
    snapshotVolumes?: { excludedVolumes?: string[] };
    conditions?: { type: string; status: string; reason?: string }[];
  };
}

/** Conditions carry their text in `reason` (KubeVirt pkg/storage/snapshot at d923fdb). */
export function toSnapshotRow({ metadata, spec, status }: Snapshot): SnapshotRow {
  const failed = status?.conditions?.find((one) => one.type === 'Failure' && one.status === 'True');
  const waiting = status?.conditions?.find(
    (one) => one.type === 'Progressing' && one.status === 'False',
  );
  const isReady = status?.readyToUse === true;
  const named = (status?.sourceIndications ?? []).map((one) => ({
    name: one.indication ?? '',
    message: one.message ?? '',
  }));
  const bare = (status?.indications ?? []).map((name) => ({ name, message: '' }));
  return {
    name: metadata?.name ?? '',
    vm: spec?.source?.name ?? '',
    created: status?.creationTime ?? metadata?.creationTimestamp ?? '',
    phase: metadata?.deletionTimestamp ? 'Deleting' : (status?.phase ?? 'InProgress'),
    isReady,
    failure: status?.error?.message ?? failed?.reason ?? (isReady ? '' : (waiting?.reason ?? '')),
    indications: named.length > 0 ? named : bare,
    excluded: status?.snapshotVolumes?.excludedVolumes ?? [],
  };
}

/** What is kept of a VirtualMachineRestore. */
export interface RestoreRow {
  vm: string;
  snapshot: string;
  /** ISO 8601. */
  created: string;
  isComplete: boolean;
  /** When it was complete, ISO 8601; empty before. */
  restored: string;
  /** What it does or why it does not, in the server's words. */
  progress: string;
  /** Why it was given up, in the server's words; empty when it was not. */
  failure: string;
}

interface Restore {
  metadata?: { creationTimestamp?: string };
  spec?: { target?: { name?: string }; virtualMachineSnapshotName?: string };
  status?: {
    complete?: boolean;
    restoreTime?: string | null;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

export function toRestoreRow({ metadata, spec, status }: Restore): RestoreRow {
  const conditions = status?.conditions ?? [];
  const failed = conditions.find(
    ({ type, status: value }) => type === 'Failure' && value === 'True',
  );
  const told = failed ?? conditions.find(({ type }) => type === 'Progressing');
  return {
    vm: spec?.target?.name ?? '',
    snapshot: spec?.virtualMachineSnapshotName ?? '',
    created: metadata?.creationTimestamp ?? '',
    isComplete: status?.complete === true,
    restored: status?.restoreTime ?? '',
    progress: told?.message || (told?.reason ?? ''),
    failure: failed?.message || (failed?.reason ?? ''),
  };
}
