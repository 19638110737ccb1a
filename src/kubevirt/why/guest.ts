import {
  type Finding,
  fromCondition,
  fromEvent,
  type Situation,
  type WhyFix,
  type WhyRule,
} from './Situation';
import { fromStatus } from './scheduling';

const diagnostics: WhyFix = { kind: 'tab', tab: 'diagnostics', label: 'Show logs' };
const configuration: WhyFix = { kind: 'tab', tab: 'configuration', label: 'Edit configuration' };

/** A pod that could not be made, or a class that is not there: the VM's Failure condition. */
function failure(reason: RegExp, message?: RegExp): (situation: Situation) => Finding | undefined {
  return (situation) =>
    fromCondition(situation, 'Failure', 'True', { reason, ...(message && { message }) });
}

/** A container of the launcher pod that ended, or waits, for this reason. */
function podTrouble(reason: RegExp): (situation: Situation) => Finding | undefined {
  return ({ pods = [] }) => {
    const pod = pods.find(({ trouble }) => reason.test(trouble));
    return pod && { reason: pod.trouble, message: pod.troubleMessage };
  };
}

function image(message: RegExp): (situation: Situation) => Finding | undefined {
  const reason = /^(?:ErrImagePull|ImagePullBackOff)$/;
  return (situation) => fromCondition(situation, 'Synchronized', 'False', { reason, message });
}

/** Images, quota, classes. Sources: KubeVirt pkg/virt-controller/watch/vm/vm.go, watch/vmi/vmi.go at d923fdb. */
export const startRules: readonly WhyRule[] = [
  {
    id: 'instancetypeMissing',
    sentence: 'Its instance type does not exist.',
    advice: 'Choose another instance type, or create the missing one.',
    tone: 'danger',
    fix: configuration,
    find: failure(/^FailedFindInstancetype$/),
  },
  {
    id: 'preferenceMissing',
    sentence: 'Its preference does not exist.',
    advice: 'Choose another preference, or create the missing one.',
    tone: 'danger',
    fix: configuration,
    find: failure(/^FailedFindPreference$/),
  },
  {
    id: 'quota',
    sentence: 'The quota of the project does not allow it to start.',
    advice: 'Stop another virtual machine of the project, or ask for a larger quota.',
    tone: 'danger',
    fix: {
      kind: 'command',
      command: 'kubectl describe resourcequotas --namespace {{namespace}}',
      label: 'Show quotas',
    },
    find: (situation) =>
      failure(/./, /exceeded quota/)(situation) ??
      fromCondition(situation, 'Synchronized', 'False', { message: /exceeded quota/ }),
  },
  {
    id: 'limitRange',
    sentence: 'The limits of the project do not allow a virtual machine of this size.',
    advice: 'Change its CPU or memory, or the LimitRange of the project.',
    tone: 'danger',
    fix: { kind: 'tab', tab: 'configuration', label: 'Edit CPU and memory' },
    find: (situation) =>
      fromCondition(situation, 'Synchronized', 'False', {
        message: /(?:maximum|minimum) (?:memory|cpu) usage per (?:Container|Pod)/,
      }) ??
      failure(/./, /(?:maximum|minimum) (?:memory|cpu) usage per (?:Container|Pod)/)(situation),
  },
  {
    id: 'podSecurity',
    sentence: 'The security rules of the project forbid its pod.',
    advice: 'Label the project with a level of pod security that permits virtual machines.',
    tone: 'danger',
    fix: {
      kind: 'command',
      command:
        'kubectl label namespace {{namespace}} --overwrite pod-security.kubernetes.io/enforce=privileged',
      label: 'Permit pods of virtual machines',
    },
    find: (situation) =>
      fromCondition(situation, 'Synchronized', 'False', { message: /violates PodSecurity/ }) ??
      failure(/./, /violates PodSecurity/)(situation),
  },
  {
    id: 'imageDenied',
    sentence: 'The registry refuses access to its container image.',
    advice: 'Name an image pull secret with the right credentials.',
    tone: 'danger',
    fix: { kind: 'tab', tab: 'disks', label: 'Show disks' },
    find: image(/unauthorized|denied|authentication required|forbidden/i),
  },
  {
    id: 'imageNotFound',
    sentence: 'Its container image does not exist in the registry.',
    advice: 'Correct the name or the tag of the image.',
    tone: 'danger',
    fix: { kind: 'tab', tab: 'disks', label: 'Show disks' },
    find: image(/not found|manifest unknown|name unknown|repository does not exist/i),
  },
  {
    id: 'imagePull',
    sentence: 'Its container image cannot be pulled.',
    advice: 'Check the name of the image, and that the cluster can reach its registry.',
    tone: 'danger',
    fix: { kind: 'tab', tab: 'disks', label: 'Show disks' },
    find: (situation) =>
      image(/^/)(situation) ??
      // The instance says nothing of an image that may not be pulled at all.
      podTrouble(/^(?:ErrImageNeverPull|InvalidImageName)$/)(situation) ??
      fromStatus(situation, 'ErrImagePull', 'ImagePullBackOff'),
  },
];

/** The guest while it runs. Sources: KubeVirt pkg/virt-handler, watch/migration, watch/workload-updater at d923fdb. */
export const guestRules: readonly WhyRule[] = [
  {
    id: 'outOfMemory',
    sentence: 'The node ended it, because it used more memory than its pod may have.',
    advice: 'Give it more memory, or overcommit less.',
    tone: 'danger',
    fix: { kind: 'tab', tab: 'configuration', label: 'Edit CPU and memory' },
    find: podTrouble(/^OOMKilled$/),
  },
  {
    id: 'crashLoop',
    sentence: 'It ends soon after each start, and is started again after a pause.',
    advice: 'See the logs and the console for why, or stop it.',
    tone: 'danger',
    fix: diagnostics,
    find: (situation) => fromStatus(situation, 'CrashLoopBackOff'),
  },
  {
    id: 'migrationPaused',
    sentence: 'It stands still, because it changes faster than its memory can be migrated.',
    advice: 'Wait until the migration has ended, or cancel it.',
    tone: 'warning',
    fix: { kind: 'action', action: 'cancelMigration', label: 'Cancel migration' },
    find: (situation) =>
      fromCondition(situation, 'Paused', 'True', { reason: /^PausedByMigrationMonitor$/ }),
  },
  {
    id: 'evictionBlocked',
    sentence: 'Its node is being drained, but it cannot be migrated.',
    advice: 'Stop it, or remove what keeps it from migrating: {{message}}',
    tone: 'danger',
    fix: { kind: 'action', action: 'stop', label: 'Stop' },
    find: (situation) => {
      if (!situation.vmi?.status?.evacuationNodeName) return undefined;
      const found = fromCondition(situation, 'LiveMigratable', 'False');
      return found && { ...found, values: { message: found.message } };
    },
  },
  {
    id: 'migrationFailed',
    sentence: 'Its last migration failed, and it still runs on {{node}}.',
    advice: 'See the message, and migrate it again.',
    tone: 'warning',
    fix: { kind: 'action', action: 'migrate', label: 'Migrate' },
    find: ({ vmi }) => {
      const state = vmi?.status?.migrationState;
      if (state?.failed !== true || state.abortRequested === true) return undefined;
      const values = { node: vmi?.status?.nodeName ?? '' };
      return { reason: 'MigrationFailed', message: state.failureReason ?? '', values };
    },
  },
  {
    id: 'hotplugCpu',
    sentence: 'The new number of CPUs could not be given to the running guest.',
    advice: 'Restart it to have them, or change it back.',
    tone: 'warning',
    fix: { kind: 'action', action: 'restart', label: 'Restart' },
    find: failure(/^HotPlugCPUError$/),
  },
  {
    id: 'hotplugMemory',
    sentence: 'The new memory could not be given to the running guest.',
    advice: 'Restart it to have it, or change it back.',
    tone: 'warning',
    fix: { kind: 'action', action: 'restart', label: 'Restart' },
    find: failure(/^HotPlugMemoryError$/),
  },
  {
    id: 'hotplugVolume',
    sentence: 'A disk could not be attached to the running guest.',
    advice: 'See the disk for the reason, or restart it.',
    tone: 'warning',
    fix: { kind: 'tab', tab: 'disks', label: 'Show disks' },
    find: (situation) =>
      failure(/^(?:HotPlugVolumeError|VolumesUpdateError)$/)(situation) ??
      fromEvent(situation, ['HotplugFailed']),
  },
  {
    id: 'accessCredentials',
    sentence: 'SSH keys or passwords could not be given to the guest.',
    advice: 'See that the guest agent runs in the guest.',
    tone: 'warning',
    fix: { kind: 'tab', tab: 'configuration', label: 'Edit access' },
    find: (situation) => fromCondition(situation, 'AccessCredentialsSynchronized', 'False'),
  },
  {
    id: 'agentTooOld',
    sentence: 'The guest agent in it is too old.',
    advice: 'Update qemu-guest-agent in the guest.',
    tone: 'warning',
    fix: { kind: 'action', action: 'openConsole', label: 'Open console' },
    find: (situation) => fromCondition(situation, 'AgentVersionNotSupported', 'True'),
  },
  {
    id: 'nodeLost',
    sentence: 'Its node does not answer.',
    advice:
      'See the node. When it is gone for good, delete it, and the virtual machine starts elsewhere.',
    tone: 'danger',
    fix: { kind: 'command', command: 'kubectl get nodes', label: 'Show nodes' },
    find: (situation) => fromEvent(situation, ['NodeUnresponsive', 'NodeNotReady']),
  },
  {
    id: 'snapshotFailed',
    sentence: 'Its last restore did not succeed.',
    advice: 'See the restore for why, and try again.',
    tone: 'warning',
    fix: { kind: 'tab', tab: 'snapshots', label: 'Show snapshots' },
    // What is told of a restore is told of its own object, which has another name.
    find: ({ restores = [] }) => {
      const newest = [...restores].sort((a, b) => (a.created < b.created ? 1 : -1))[0];
      if (!newest || newest.failure === '') return undefined;
      return { reason: 'VirtualMachineRestoreError', message: newest.failure };
    },
  },
  {
    id: 'failure',
    sentence: 'The cluster could not do what was asked for.',
    advice: 'The cluster tries again by itself. If the message stays, correct what it names.',
    tone: 'danger',
    fix: diagnostics,
    find: (situation) =>
      fromCondition(situation, 'Failure', 'True') ??
      fromCondition(situation, 'Synchronized', 'False'),
  },
  {
    id: 'migrationWaiting',
    sentence: 'Changes of it wait for a migration.',
    advice: 'It is migrated by itself where the cluster may do so; else migrate it.',
    tone: 'info',
    // Processors and memory come to a guest by its next migration, a network by a pod of its own.
    fix: { kind: 'action', action: 'migrate', label: 'Migrate' },
    find: (situation) =>
      fromCondition(situation, 'MigrationRequired', 'True') ??
      fromCondition(situation, 'HotVCPUChange', 'True') ??
      fromCondition(situation, 'HotMemoryChange', 'True'),
  },
  {
    id: 'restartRequired',
    sentence: 'Changes of it take effect after a restart.',
    advice: 'Restart it when its work can be interrupted.',
    tone: 'info',
    fix: { kind: 'action', action: 'restart', label: 'Restart' },
    find: (situation) => fromCondition(situation, 'RestartRequired', 'True'),
  },
  {
    id: 'locked',
    sentence: 'It cannot be changed while {{name}} is being made or restored.',
    advice: 'Wait until it has ended.',
    tone: 'info',
    fix: { kind: 'tab', tab: 'snapshots', label: 'Show snapshots' },
    find: ({ vm }) => {
      const { snapshotInProgress, restoreInProgress } = vm.status ?? {};
      const name = snapshotInProgress ?? restoreInProgress;
      return name ? { reason: 'SourceLocked', message: '', values: { name } } : undefined;
    },
  },
];
