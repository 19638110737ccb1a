import type { VirtualMachineInstance } from '../resources.ts';
import {
  type Condition,
  findCondition,
  withCondition,
  withoutCondition,
} from '../virt-controller/conditions.ts';
import { withSeen } from './interfaceStatus.ts';
import { liveMigratable } from './liveMigratable.ts';
import { enterPhase } from '../virt-controller/vmiStatus.ts';
import type { GuestAgentInfo } from '../virt-launcher/AgentCommands.ts';
import type { PauseReason } from '../virt-launcher/pauseReason.ts';
import type { GuestEnd } from '../virt-launcher/GuestRuntime.ts';
import { timestamp } from '../../client/timestamp.ts';

type Status = NonNullable<VirtualMachineInstance['status']>;

const pausedCondition: Record<PauseReason, Condition> = {
  user: {
    type: 'Paused',
    status: 'True',
    reason: 'PausedByUser',
    message: 'VMI was paused by user',
  },
  migration: {
    type: 'Paused',
    status: 'True',
    reason: 'PausedByMigrationMonitor',
    message: 'VMI was paused by the migration monitor',
  },
  'io-error': {
    type: 'Paused',
    status: 'True',
    reason: 'PausedIOError',
    message: 'VMI was paused, low-level IO error detected',
  },
};

const unsupportedAgent = 'AgentVersionNotSupported';
/** Conditions that end with the guest. */
const ofRunningGuest = ['Paused', 'AgentConnected', unsupportedAgent];

/** The guest has started: phase Running, its addresses, and what cannot be done with it. */
export function runningStatus(
  vmi: VirtualMachineInstance,
  interfaces: NonNullable<Status['interfaces']>,
  now: number,
): Status {
  const status = enterPhase(vmi, 'Running', now);
  const running: Status = {
    ...status,
    machine: { type: vmi.spec.domain.machine?.type ?? 'q35' },
    interfaces,
    volumeStatus: volumeTargets(vmi),
    conditions: withoutCondition(status.conditions, 'Synchronized'),
  };
  return withMigratability(vmi, running, now);
}

/** The guest's names of its disks, as libvirt gives them: by bus, in the order of the list. */
function volumeTargets(vmi: VirtualMachineInstance): NonNullable<Status['volumeStatus']> {
  const next = { vd: 0, sd: 0 };
  const targets = new Map(
    (vmi.spec.domain.devices.disks ?? []).map(({ name, disk, cdrom, lun }) => {
      const prefix = (disk ?? cdrom ?? lun)?.bus === 'virtio' ? 'vd' : 'sd';
      return [name, `${prefix}${String.fromCharCode(97 + next[prefix]++)}`] as const;
    }),
  );
  return (vmi.spec.volumes ?? []).map(({ name }) => ({
    ...vmi.status?.volumeStatus?.find((known) => known.name === name),
    name,
    target: targets.get(name) ?? '',
  }));
}

/** Whether and how the guest can move to another node. */
export function withMigratability(
  vmi: VirtualMachineInstance,
  status: Status,
  now: number,
): Status {
  const { condition, storage, method } = liveMigratable(vmi, status);
  const at = timestamp(now);
  return {
    ...status,
    migrationMethod: method,
    migrationTransport: 'Unix',
    conditions: withCondition<Condition>(
      withCondition<Condition>(status.conditions, condition, at),
      storage,
      at,
    ),
  };
}

/** The guest could not be started; virt-handler tries again. */
export function failedSync(vmi: VirtualMachineInstance, message: string, now: number): Status {
  return {
    ...vmi.status,
    conditions: withCondition<Condition>(
      vmi.status?.conditions,
      {
        type: 'Synchronized',
        status: 'False',
        reason: 'Synchronizing with the Domain failed.',
        message,
      },
      timestamp(now),
    ),
  };
}

/**
 * The guest is gone. `killed`: ended by us after its grace period was over, which counts as a failure
 * (KubeVirt section 3.4: destroyed with ACPI and a grace period other than 0).
 */
export function endedStatus(
  vmi: VirtualMachineInstance,
  how: GuestEnd | 'killed',
  now: number,
): Status | undefined {
  if (vmi.status?.phase === 'Succeeded' || vmi.status?.phase === 'Failed') return undefined;
  const failed = how === 'crashed' || how === 'killed';
  const status = enterPhase(vmi, failed ? 'Failed' : 'Succeeded', now);
  return {
    ...status,
    conditions: (status.conditions ?? []).filter(({ type }) => !ofRunningGuest.includes(type)),
  };
}

/** The condition Paused comes with its reason when the guest pauses, and goes when it runs again. */
export function withPaused(
  vmi: VirtualMachineInstance,
  reason: PauseReason | undefined,
  now: number,
): Status | undefined {
  const before = findCondition(vmi.status?.conditions, 'Paused');
  if (vmi.status?.phase !== 'Running') return undefined;
  if (reason === undefined) {
    if (!before) return undefined;
    return { ...vmi.status, conditions: withoutCondition(vmi.status.conditions, 'Paused') };
  }
  if (before?.status === 'True' && reason === 'user') return undefined;
  return {
    ...vmi.status,
    conditions: withCondition<Condition>(
      vmi.status.conditions,
      pausedCondition[reason],
      timestamp(now),
    ),
  };
}

/**
 * What the guest agent tells: its operating system and the names of its interfaces. `problem` says why it is not
 * enough for the VMI.
 */
export function withAgent(
  vmi: VirtualMachineInstance,
  info: GuestAgentInfo | undefined,
  now: number,
  problem?: string,
): Status | undefined {
  const { status } = vmi;
  if (status?.phase !== 'Running') return undefined;
  if (!info) {
    if (!findCondition(status.conditions, 'AgentConnected')) return undefined;
    return {
      ...status,
      guestOSInfo: {},
      conditions: withoutCondition(
        withoutCondition(status.conditions, 'AgentConnected'),
        unsupportedAgent,
      ),
    };
  }
  const connected = withCondition<Condition>(
    status.conditions,
    { type: 'AgentConnected', status: 'True' },
    timestamp(now),
  );
  return {
    ...status,
    guestOSInfo: { ...info.os },
    // A merge patch leaves what it does not name.
    ...((info.frozen || status.fsFreezeStatus) && {
      fsFreezeStatus: info.frozen ? 'frozen' : '',
    }),
    interfaces: withSeen(status.interfaces ?? [], info),
    conditions:
      problem === undefined
        ? withoutCondition(connected, unsupportedAgent)
        : withCondition<Condition>(
            connected,
            { type: unsupportedAgent, status: 'True', reason: problem },
            timestamp(now),
          ),
  };
}

/** Whether the guest has the keys and passwords that its VMI names. */
export function withCredentials(
  { status }: VirtualMachineInstance,
  { synchronized, message }: { synchronized: boolean; message: string },
  now: number,
): Status | undefined {
  if (status?.phase !== 'Running') return undefined;
  return {
    ...status,
    conditions: withCondition<Condition>(
      status.conditions,
      {
        type: 'AccessCredentialsSynchronized',
        status: synchronized ? 'True' : 'False',
        ...(message && { message }),
      },
      timestamp(now),
    ),
  };
}
