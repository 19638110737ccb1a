import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { isRecord } from '~/k8s/isRecord';
import { type Change, changesOf } from '~/k8s/jsonPatch';
import { parseQuantity } from '~/k8s/quantity';

/** When a change shows in the guest: nothing runs, at once, or after the next start. */
export type Effect = 'nextStart' | 'now' | 'restart';

/**
 * When the changes of an edit take effect, by the rules of KubeVirt's live update (rollout strategy
 * LiveUpdate: pkg/virt-controller/watch/vm/vm.go at d923fdb). The latest of them counts.
 */
export function effectOf(
  before: V1VirtualMachine,
  after: V1VirtualMachine,
  vmi: V1VirtualMachineInstance | undefined,
): Effect {
  const changes = changesOf(before, after).filter(({ path }) => isOfGuest(path));
  if (changes.length === 0) return 'now';
  if (vmi === undefined || isOver(vmi)) return 'nextStart';
  return changes.every((change) => isLive(change, after, vmi)) ? 'now' : 'restart';
}

function isOver({ status }: V1VirtualMachineInstance): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Labels, the run strategy and the like belong to the VM and not to its guest. */
function isOfGuest([first, second]: readonly string[]): boolean {
  return first === 'spec' && ['template', 'instancetype', 'preference'].includes(second ?? '');
}

function isLive(change: Change, vm: V1VirtualMachine, vmi: V1VirtualMachineInstance): boolean {
  const path = change.path.slice(3).join('.');
  const canMigrate = (vmi.status?.conditions ?? []).some(
    ({ type, status }) => type === 'LiveMigratable' && status === 'True',
  );
  const { cpu, memory } = vmi.spec.domain;
  if (path === 'domain.cpu.sockets') {
    // Not written it is one.
    const { before = 1, after } = change;
    const grows = typeof before === 'number' && typeof after === 'number' && after > before;
    return canMigrate && grows && after <= (cpu?.maxSockets ?? 0);
  }
  if (path === 'domain.memory.guest') {
    const after = parseQuantity(String(change.after)) ?? 0;
    const atBoot = parseQuantity(vmi.status?.memory?.guestAtBoot) ?? Infinity;
    return canMigrate && after >= atBoot && after <= (parseQuantity(memory?.maxGuest) ?? 0);
  }
  if (/^(?:nodeSelector|affinity|tolerations)\b/.test(path)) return true;
  return isLiveDevice(change, vm, { vmi, canMigrate });
}

/** Disks and networks that come and go while the guest runs. */
function isLiveDevice(
  { path, before, after }: Change,
  vm: V1VirtualMachine,
  { vmi, canMigrate }: { vmi: V1VirtualMachineInstance; canMigrate: boolean },
): boolean {
  const place = path.slice(3).join('.');
  const whole = before === undefined ? after : after === undefined ? before : undefined;
  const name = path.at(-1) ?? '';
  const volumeOf = (spec: V1VirtualMachineInstance['spec'] | undefined) =>
    spec?.volumes?.find((one) => one.name === name);
  if (/^(?:domain\.devices\.disks|volumes)\.[^.]+$/.test(place) && isRecord(whole)) {
    const volume = volumeOf(vm.spec.template.spec) ?? volumeOf(vmi.spec);
    const source = volume?.dataVolume ?? volume?.persistentVolumeClaim;
    return source?.hotpluggable === true;
  }
  if (/^domain\.devices\.interfaces\.[^.]+\.state$/.test(place)) return true;
  if (/^domain\.devices\.interfaces\.[^.]+$/.test(place) && before === undefined) {
    const network = vm.spec.template.spec?.networks?.find((one) => one.name === name);
    const canBePlugged = isRecord(after) && ('bridge' in after || 'sriov' in after);
    return canBePlugged && network?.multus !== undefined;
  }
  // Another network: the guest moves to where it has that.
  if (/^networks\.[^.]+\.multus\.networkName$/.test(place)) return canMigrate;
  return /^networks\.[^.]+$/.test(place) && isRecord(after) && 'multus' in after;
}

/** A change that the running guest does not have yet. */
export interface Pending {
  /** What it is, an i18n key. */
  label: string;
  /** As the guest has it, and as it will be; empty for what is not there. */
  now: string;
  next: string;
}

type Spec = V1VirtualMachineInstance['spec'];

function names(list: readonly { name: string }[] | undefined): string {
  return (list ?? []).map(({ name }) => name).join(', ');
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function cloudInit({ volumes = [] }: Spec): string {
  const volume = volumes.find((one) => one.cloudInitNoCloud ?? one.cloudInitConfigDrive);
  return text(volume?.cloudInitNoCloud ?? volume?.cloudInitConfigDrive);
}

/** What of a VM counts at its start. `isDefaulted` fields are written to the instance alone. */
const tracked: readonly { label: string; isDefaulted?: boolean; read: (spec: Spec) => string }[] = [
  {
    label: 'CPU topology',
    isDefaulted: true,
    read: ({ domain: { cpu } }) =>
      cpu?.cores === undefined && cpu?.sockets === undefined && cpu?.threads === undefined
        ? ''
        : `${cpu.sockets ?? 1} × ${cpu.cores ?? 1} × ${cpu.threads ?? 1}`,
  },
  { label: 'CPU model', isDefaulted: true, read: ({ domain }) => domain.cpu?.model ?? '' },
  { label: 'Dedicated CPUs', read: ({ domain }) => text(domain.cpu?.dedicatedCpuPlacement) },
  { label: 'Memory', isDefaulted: true, read: ({ domain }) => domain.memory?.guest ?? '' },
  { label: 'Machine type', isDefaulted: true, read: ({ domain }) => domain.machine?.type ?? '' },
  { label: 'Host name', read: ({ hostname }) => hostname ?? '' },
  { label: 'Firmware', read: ({ domain }) => text(domain.firmware?.bootloader) },
  { label: 'Start paused', read: ({ startStrategy }) => startStrategy ?? '' },
  { label: 'Headless', read: ({ domain }) => text(domain.devices.autoattachGraphicsDevice) },
  { label: 'Guest log', read: ({ domain }) => text(domain.devices.logSerialConsole) },
  { label: 'TPM', read: ({ domain }) => text(domain.devices.tpm) },
  { label: 'Random number generator', read: ({ domain }) => text(domain.devices.rng) },
  { label: 'Host devices', read: ({ domain }) => names(domain.devices.hostDevices) },
  { label: 'GPUs', read: ({ domain }) => names(domain.devices.gpus) },
  { label: 'Disks', read: ({ domain }) => names(domain.devices.disks) },
  {
    label: 'Network interfaces',
    isDefaulted: true,
    read: ({ domain }) => names(domain.devices.interfaces),
  },
  {
    label: 'Boot order',
    read: ({ domain: { devices } }) =>
      [...(devices.disks ?? []), ...(devices.interfaces ?? [])]
        .filter(({ bootOrder }) => bootOrder !== undefined)
        .sort((a, b) => (a.bootOrder ?? 0) - (b.bootOrder ?? 0))
        .map(({ name }) => name)
        .join(', '),
  },
  { label: 'Cloud-init', read: cloudInit },
  { label: 'SSH keys', read: ({ accessCredentials }) => text(accessCredentials) },
];

/**
 * What the guest would have after a restart and does not have now. Values that only the instance has
 * are defaults of the server or come from an instance type, and are no change.
 */
export function pendingChanges(
  vm: V1VirtualMachine,
  vmi: V1VirtualMachineInstance | undefined,
): readonly Pending[] {
  const spec = vm.spec.template.spec;
  if (spec === undefined || vmi === undefined || isOver(vmi)) return [];
  return tracked.flatMap(({ label, isDefaulted, read }) => {
    const now = read(vmi.spec);
    const next = read(spec);
    if (now === next || (isDefaulted === true && next === '')) return [];
    const isSameAmount =
      parseQuantity(now) !== undefined && parseQuantity(now) === parseQuantity(next);
    return isSameAmount ? [] : [{ label, now, next }];
  });
}
