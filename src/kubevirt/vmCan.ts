import type { VmStatus } from '~/kubevirt/vmStatus';

export type VmAction =
  | 'start'
  | 'startPaused'
  | 'stop'
  | 'forceStop'
  | 'restart'
  | 'pause'
  | 'unpause'
  | 'reset'
  | 'softReboot'
  | 'migrate'
  | 'cancelMigration'
  | 'edit'
  | 'delete'
  | 'openConsole'
  | 'copySsh'
  | 'clone'
  | 'snapshot'
  | 'export'
  | 'memoryDump';

/** `spec.runStrategy`; `spec.running` counts as Always or Halted, see `runStrategyOf`. */
export type RunStrategy =
  'Always' | 'RerunOnFailure' | 'Manual' | 'Halted' | 'Once' | 'WaitAsReceiver';

/** What decides on actions. Phase of the VMI where there is one. */
export type VmState = {
  status: VmStatus;
  runStrategy: RunStrategy;
  vmiPhase?: string | undefined;
  /** Why it cannot move while it runs, in the server's words. */
  notMigratable?: string | undefined;
  /** It must not be deleted. */
  isProtected?: boolean;
};

/** `reason` is an i18n key: a sentence that says why not; `detail` is the server's own word on it. */
export type Verdict = { allowed: true } | { allowed: false; reason: string; detail?: string };

// Provisioning is shown for a Halted VM too, whose disks are made at once; it may be started then.
const startable: readonly VmStatus[] = [
  'Stopped',
  'Provisioning',
  'DataVolumeError',
  'ErrorPvcNotFound',
  'Unknown',
];

const allButDeleting: readonly VmStatus[] = [
  'Stopped',
  'Provisioning',
  'Starting',
  'Running',
  'Paused',
  'Stopping',
  'Migrating',
  'WaitingForVolumeBinding',
  'WaitingForReceiver',
  'CrashLoopBackOff',
  'ErrorUnschedulable',
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrorPvcNotFound',
  'DataVolumeError',
  'Failed',
  'Unknown',
];

/**
 * Action -> statuses in which the server accepts it and it does something.
 *
 * start, stop, restart: https://github.com/kubevirt/kubevirt/blob/d923fdb/pkg/virt-api/rest/lifecycle.go
 * migrate: https://github.com/kubevirt/kubevirt/blob/d923fdb/pkg/virt-api/rest/migrate.go
 * pause, unpause, reset, softreboot: https://github.com/kubevirt/kubevirt/blob/d923fdb/pkg/virt-api/rest/subresource.go
 * vnc, console: https://github.com/kubevirt/kubevirt/blob/d923fdb/pkg/virt-api/rest/vnc.go
 * when a status is set: https://github.com/kubevirt/kubevirt/blob/d923fdb/pkg/virt-controller/watch/vm/vm.go
 */
const allowedIn: Readonly<Record<VmAction, readonly VmStatus[]>> = {
  start: startable,
  startPaused: startable,
  stop: [
    'Running',
    'Paused',
    'Migrating',
    'Starting',
    'Provisioning',
    'WaitingForVolumeBinding',
    'WaitingForReceiver',
    'CrashLoopBackOff',
    'ErrorUnschedulable',
    'ErrImagePull',
    'ImagePullBackOff',
    'ErrorPvcNotFound',
    'DataVolumeError',
    'Unknown',
  ],
  forceStop: ['Running', 'Paused', 'Migrating', 'Starting', 'Stopping', 'Unknown'],
  restart: ['Running', 'Paused', 'Unknown'],
  pause: ['Running'],
  unpause: ['Paused'],
  reset: ['Running'],
  softReboot: ['Running'],
  migrate: ['Running'],
  cancelMigration: ['Migrating'],
  edit: allButDeleting,
  delete: allButDeleting,
  // A guest that shuts down or migrates still has a screen; a refusal is explained by the console.
  openConsole: ['Running', 'Paused', 'Migrating', 'Stopping', 'Unknown'],
  copySsh: ['Running', 'Migrating', 'Unknown'],
  clone: allButDeleting,
  snapshot: allButDeleting,
  // The disks of one that runs are in use (pkg/storage/export/export/vm-source.go).
  export: ['Stopped', 'Unknown'],
  memoryDump: ['Running', 'Paused'],
};

/** Why an action is not to be had in a status that its row above does not name. */
function reasonFor(action: VmAction, status: VmStatus): string {
  if (status === 'Terminating') return 'The virtual machine is being deleted.';
  if (status === 'Stopping' && !isStart(action)) return 'The virtual machine is being stopped.';
  switch (action) {
    case 'start':
    case 'startPaused':
      if (status === 'Stopping') return 'Wait until the virtual machine has stopped.';
      if (status === 'Running') return 'The virtual machine is running already.';
      return 'The virtual machine is started already.';
    case 'stop':
    case 'forceStop':
      return status === 'Stopped'
        ? 'The virtual machine is stopped already.'
        : 'The virtual machine is not running.';
    case 'pause':
      if (status === 'Paused') return 'The virtual machine is paused already.';
      return notNow(status);
    case 'unpause':
      return 'The virtual machine is not paused.';
    case 'cancelMigration':
      return 'The virtual machine is not being migrated.';
    case 'reset':
    case 'softReboot':
    case 'migrate':
    case 'copySsh':
    case 'restart':
    case 'openConsole':
      return status === 'Paused' ? 'The virtual machine is paused.' : notNow(status);
    case 'memoryDump':
      return notNow(status);
    case 'export':
      return 'Its disks are in use or not ready: stop the virtual machine first.';
    case 'clone':
    case 'snapshot':
    case 'edit':
    case 'delete':
      return 'The virtual machine is being deleted.';
  }
}

function isStart(action: VmAction): boolean {
  return action === 'start' || action === 'startPaused';
}

function notNow(status: VmStatus): string {
  return status === 'Migrating'
    ? 'Wait until the migration has ended.'
    : 'The virtual machine is not running.';
}

/**
 * Strategies under which the server answers an action with 409. Always and Once refuse a start,
 * since the controller starts the VM itself; Halted and Once refuse a restart.
 *
 *            Always  RerunOnFailure  Manual  Halted  Once  WaitAsReceiver
 *   start    no      yes             yes     yes     no    no effect
 *   restart  yes     yes             yes     no      no    no
 */
const startRefused: Partial<Record<RunStrategy, string>> = {
  Always: 'Its run strategy is Always: the cluster starts it by itself.',
  Once: 'Its run strategy is Once: it is started once only.',
  WaitAsReceiver: 'It waits to receive a migration.',
};

const refusedUnder: Partial<Record<VmAction, Partial<Record<RunStrategy, string>>>> = {
  start: startRefused,
  startPaused: startRefused,
  restart: {
    Halted: 'Its run strategy is Halted.',
    Once: 'Its run strategy is Once: it is started once only.',
    WaitAsReceiver: 'It waits to receive a migration.',
  },
};

/** Whether an action makes sense now. The server has the last word. */
export function vmCan(action: VmAction, state: VmState): Verdict {
  const { status, runStrategy, vmiPhase } = state;
  if (!allowedIn[action].includes(status)) {
    return { allowed: false, reason: reasonFor(action, status) };
  }
  const refused = refusedUnder[action]?.[runStrategy];
  if (refused !== undefined) return { allowed: false, reason: refused };
  // "RerunOnFailure does not support starting VM from failed state" (lifecycle.go)
  if (isStart(action) && runStrategy === 'RerunOnFailure' && vmiPhase === 'Failed') {
    return { allowed: false, reason: 'It failed, and the cluster restarts it by itself.' };
  }
  if (action === 'migrate' && state.notMigratable !== undefined) {
    return {
      allowed: false,
      reason: 'It cannot move while it runs.',
      ...(state.notMigratable !== '' && { detail: state.notMigratable }),
    };
  }
  if (action === 'delete' && state.isProtected === true) {
    return {
      allowed: false,
      reason: 'It is protected: switch its deletion protection off first.',
    };
  }
  if (action === 'stop' && vmiPhase === undefined && nothingToStop(status, runStrategy)) {
    return { allowed: false, reason: 'The virtual machine is not running.' };
  }
  return { allowed: true };
}

/**
 * A stop without a live VMI is a 409 under these strategies; Always and Once turn Halted instead.
 * Disks of a Halted VM are made while nothing runs, and between two crashes there is no VMI either.
 */
function nothingToStop(status: VmStatus, runStrategy: RunStrategy): boolean {
  if (status === 'CrashLoopBackOff') return runStrategy === 'RerunOnFailure';
  return runStrategy === 'Halted';
}

/** All of them. */
export const runStrategies: readonly RunStrategy[] = [
  'Always',
  'RerunOnFailure',
  'Manual',
  'Halted',
  'Once',
  'WaitAsReceiver',
];

/** The strategy of a VM's spec; the deprecated `running` is what KubeVirt takes it for. */
export function runStrategyOf(spec: {
  runStrategy?: string | undefined;
  running?: boolean | undefined;
}): RunStrategy {
  const strategy = runStrategies.find((candidate) => candidate === spec.runStrategy);
  return strategy ?? (spec.running === true ? 'Always' : 'Halted');
}
