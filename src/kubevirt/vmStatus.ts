export type Tone = 'success' | 'info' | 'warning' | 'danger' | 'neutral' | 'progress';

/**
 * How each printable status is shown; labels are i18n keys. The statuses are KubeVirt's
 * (staging/src/kubevirt.io/api/core/v1/types.go VirtualMachinePrintableStatus at d923fdb).
 */
export const vmStatuses = {
  Stopped: { label: 'Stopped', tone: 'neutral' },
  Provisioning: { label: 'Provisioning', tone: 'progress' },
  Starting: { label: 'Starting', tone: 'progress' },
  Running: { label: 'Running', tone: 'success' },
  Paused: { label: 'Paused', tone: 'info' },
  Stopping: { label: 'Stopping', tone: 'progress' },
  Terminating: { label: 'Deleting', tone: 'progress' },
  Migrating: { label: 'Migrating', tone: 'progress' },
  WaitingForVolumeBinding: { label: 'Waiting for a volume', tone: 'progress' },
  WaitingForReceiver: { label: 'Waiting to receive a migration', tone: 'progress' },
  CrashLoopBackOff: { label: 'Crashing repeatedly', tone: 'danger' },
  ErrorUnschedulable: { label: 'Cannot be scheduled', tone: 'danger' },
  ErrImagePull: { label: 'Image cannot be pulled', tone: 'danger' },
  ImagePullBackOff: { label: 'Image pull is being retried', tone: 'danger' },
  ErrorPvcNotFound: { label: 'Volume claim not found', tone: 'danger' },
  DataVolumeError: { label: 'Data volume error', tone: 'danger' },
  // Of an instance without a VM; of those with one the VM says what comes of it.
  Failed: { label: 'Failed', tone: 'danger' },
  Unknown: { label: 'Unknown', tone: 'warning' },
} as const satisfies Record<string, { label: string; tone: Tone }>;

export type VmStatus = keyof typeof vmStatuses;

/** All statuses, in the order in which a filter offers them. */
export const vmStatusList = (Object.keys(vmStatuses) as VmStatus[]).map((status) => ({
  status,
  ...vmStatuses[status],
}));

/**
 * `status.printableStatus` of a VM as a known status. A VM without one has not been seen by the
 * controller yet, and is stopped by the CRD's default; one that a newer KubeVirt introduced is
 * unknown.
 */
export function toVmStatus(printableStatus: string | undefined): VmStatus {
  if (printableStatus === undefined || printableStatus === '') return 'Stopped';
  return Object.hasOwn(vmStatuses, printableStatus) ? (printableStatus as VmStatus) : 'Unknown';
}
