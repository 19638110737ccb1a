import type {
  V1VirtualMachine,
  V1VirtualMachineInstanceSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { sameJson } from '~/k8s/jsonPatch';
import { editVm, templateSpec } from '~/kubevirt/editVm';
import {
  evictionOptions,
  firmwareOptions,
  runStrategyOptions,
  type SelectOption,
  watchdogOptions,
} from '~/kubevirt/settingOptions';
import { runStrategyOf } from '~/kubevirt/vmCan';

export type SettingGroup = 'details' | 'boot' | 'scheduling' | 'access' | 'devices';

type Spec = V1VirtualMachineInstanceSpec;

/** `write` changes a draft; an empty value takes the field away, so that the default holds. */
type Common<Value> = {
  id: string;
  group: SettingGroup;
  /** i18n keys. */
  label: string;
  help?: string;
  read: (vm: V1VirtualMachine, spec: Spec) => Value;
  write: (draft: V1VirtualMachine, value: Value, spec: Spec) => void;
};

/** What of a VM is changed by one simple value. */
export type Setting =
  | ({ kind: 'switch' } & Common<boolean>)
  | ({ kind: 'text' | 'multiline' } & Common<string>)
  | ({ kind: 'number'; unit: string } & Common<number | undefined>)
  | ({ kind: 'select'; options: readonly SelectOption[] } & Common<string>)
  | ({ kind: 'pairs' } & Common<Readonly<Record<string, string>>>)
  /** A part of the object for which a form would be longer than what is written. */
  | ({ kind: 'yaml' } & Common<unknown>);

/** KubeVirt refuses the deletion of a VM with it (pkg/virt-api/webhooks, at d923fdb). */
const protectionLabel = 'kubevirt.io/vm-delete-protection';

/** Sets a field, or takes it away when there is no value. */
function put<T extends object, K extends keyof T>(
  object: T,
  key: K,
  value: T[K] | undefined,
): void {
  if (value === undefined) Reflect.deleteProperty(object, key);
  else object[key] = value;
}

function orNone<T>(value: readonly T[]): T[] | undefined {
  return value.length === 0 ? undefined : [...value];
}

function listOf<T>(value: unknown): T[] | undefined {
  // The parse boundary: the server checks what was written.
  return Array.isArray(value) ? orNone(value as T[]) : undefined;
}

function objectOf<T>(value: unknown): T | undefined {
  return typeof value === 'object' && value !== null ? (value as T) : undefined;
}

const details: readonly Setting[] = [
  {
    id: 'description',
    group: 'details',
    kind: 'multiline',
    label: 'Description',
    read: (vm) => vm.metadata?.annotations?.['description'] ?? '',
    write: (draft, value) => {
      draft.metadata ??= {};
      const annotations = { ...draft.metadata.annotations };
      put(annotations, 'description', value.trim() === '' ? undefined : value);
      draft.metadata.annotations = annotations;
    },
  },
  {
    id: 'hostname',
    group: 'details',
    kind: 'text',
    label: 'Host name',
    help: 'Without one the guest gets the name of the virtual machine.',
    read: (_vm, spec) => spec.hostname ?? '',
    write: (_draft, value, spec) => put(spec, 'hostname', value === '' ? undefined : value),
  },
  {
    id: 'runStrategy',
    group: 'details',
    kind: 'select',
    label: 'Run strategy',
    options: runStrategyOptions,
    read: (vm) => runStrategyOf(vm.spec),
    write: (draft, value) => {
      // KubeVirt takes one of the two only.
      delete draft.spec.running;
      draft.spec.runStrategy = value;
    },
  },
  {
    id: 'deletionProtection',
    group: 'details',
    kind: 'switch',
    label: 'Deletion protection',
    help: 'The cluster refuses to delete it until this is taken away.',
    read: (vm) => vm.metadata?.labels?.[protectionLabel] === 'True',
    write: (draft, value) => {
      draft.metadata ??= {};
      const labels = { ...draft.metadata.labels };
      put(labels, protectionLabel, value ? 'True' : undefined);
      draft.metadata.labels = labels;
    },
  },
  {
    id: 'gracePeriod',
    group: 'details',
    kind: 'number',
    unit: 's',
    label: 'Time to shut down',
    help: 'So long the guest may take before it is ended by force.',
    read: (_vm, spec) => spec.terminationGracePeriodSeconds,
    write: (_draft, value, spec) => put(spec, 'terminationGracePeriodSeconds', value),
  },
  {
    id: 'guestLog',
    group: 'details',
    kind: 'switch',
    label: 'Keep the guest log',
    help: 'What the guest writes to its serial console is kept in a log of its pod.',
    read: (_vm, { domain }) => domain.devices.logSerialConsole === true,
    write: (_draft, value, { domain }) => {
      domain.devices.logSerialConsole = value;
    },
  },
];

const boot: readonly Setting[] = [
  {
    id: 'firmware',
    group: 'boot',
    kind: 'select',
    label: 'Firmware',
    options: firmwareOptions,
    read: (_vm, { domain }) => {
      const efi = domain.firmware?.bootloader?.efi;
      if (!efi) return 'BIOS';
      // KubeVirt's default of an empty `efi` is with Secure Boot.
      return efi.secureBoot === false ? 'UEFI' : 'SecureBoot';
    },
    write: (_draft, value, { domain }) => {
      domain.firmware ??= {};
      const { efi } = domain.firmware.bootloader ?? {};
      const isSecure = value === 'SecureBoot';
      domain.firmware.bootloader =
        value === 'BIOS' ? { bios: {} } : { efi: { ...efi, secureBoot: isSecure } };
      // Secure Boot is refused without System Management Mode.
      if (isSecure) domain.features = { ...domain.features, smm: { enabled: true } };
    },
  },
  {
    id: 'startPaused',
    group: 'boot',
    kind: 'switch',
    label: 'Start paused',
    help: 'The guest stands still from its first instruction until it is unpaused.',
    read: (_vm, spec) => spec.startStrategy === 'Paused',
    write: (_draft, value, spec) => put(spec, 'startStrategy', value ? 'Paused' : undefined),
  },
];

const scheduling: readonly Setting[] = [
  {
    id: 'nodeSelector',
    group: 'scheduling',
    kind: 'pairs',
    label: 'Node selector',
    help: 'It runs on nodes that have all of these labels.',
    read: (_vm, spec) => spec.nodeSelector ?? {},
    write: (_draft, value, spec) =>
      put(spec, 'nodeSelector', Object.keys(value).length === 0 ? undefined : { ...value }),
  },
  {
    id: 'tolerations',
    group: 'scheduling',
    kind: 'yaml',
    label: 'Tolerations',
    help: 'Taints of nodes that it puts up with.',
    read: (_vm, spec) => spec.tolerations,
    write: (_draft, value, spec) => put(spec, 'tolerations', listOf(value)),
  },
  {
    id: 'affinity',
    group: 'scheduling',
    kind: 'yaml',
    label: 'Affinity',
    help: 'Nodes and other virtual machines that it wants, or does not want, to be with.',
    read: (_vm, spec) => spec.affinity,
    write: (_draft, value, spec) => put(spec, 'affinity', objectOf(value)),
  },
  {
    id: 'topologySpread',
    group: 'scheduling',
    kind: 'yaml',
    label: 'Topology spread constraints',
    read: (_vm, spec) => spec.topologySpreadConstraints,
    write: (_draft, value, spec) => put(spec, 'topologySpreadConstraints', listOf(value)),
  },
  {
    id: 'evictionStrategy',
    group: 'scheduling',
    kind: 'select',
    label: 'When its node is drained',
    options: evictionOptions,
    read: (_vm, spec) => spec.evictionStrategy ?? '',
    write: (_draft, value, spec) => put(spec, 'evictionStrategy', value === '' ? undefined : value),
  },
  {
    id: 'dedicatedCpu',
    group: 'scheduling',
    kind: 'switch',
    label: 'Dedicated CPUs',
    help: 'Its CPUs are those of the node, shared with nobody.',
    read: (_vm, { domain }) => domain.cpu?.dedicatedCpuPlacement === true,
    write: (_draft, value, { domain }) => {
      domain.cpu = { ...domain.cpu };
      put(domain.cpu, 'dedicatedCpuPlacement', value ? true : undefined);
    },
  },
];

const devices: readonly Setting[] = [
  {
    id: 'headless',
    group: 'devices',
    kind: 'switch',
    label: 'Headless',
    help: 'Without a graphics card: there is no screen, only the serial console.',
    read: (_vm, { domain }) => domain.devices.autoattachGraphicsDevice === false,
    write: (_draft, value, { domain }) =>
      put(domain.devices, 'autoattachGraphicsDevice', value ? false : undefined),
  },
  {
    id: 'tpm',
    group: 'devices',
    kind: 'switch',
    label: 'Trusted Platform Module (TPM)',
    read: (_vm, { domain }) =>
      domain.devices.tpm !== undefined && domain.devices.tpm.enabled !== false,
    write: (_draft, value, { domain }) => put(domain.devices, 'tpm', value ? {} : undefined),
  },
  {
    id: 'rng',
    group: 'devices',
    kind: 'switch',
    label: 'Random number generator',
    read: (_vm, { domain }) => domain.devices.rng !== undefined,
    write: (_draft, value, { domain }) => put(domain.devices, 'rng', value ? {} : undefined),
  },
  {
    id: 'watchdog',
    group: 'devices',
    kind: 'select',
    label: 'Watchdog',
    options: watchdogOptions,
    read: (_vm, { domain }) => domain.devices.watchdog?.i6300esb?.action ?? '',
    write: (_draft, value, { domain }) =>
      put(
        domain.devices,
        'watchdog',
        value === '' ? undefined : { name: 'watchdog', i6300esb: { action: value } },
      ),
  },
  {
    id: 'gpus',
    group: 'devices',
    kind: 'yaml',
    label: 'GPUs',
    help: 'A list of name and deviceName, as the cluster permits them.',
    read: (_vm, { domain }) => domain.devices.gpus,
    write: (_draft, value, { domain }) => put(domain.devices, 'gpus', listOf(value)),
  },
  {
    id: 'hostDevices',
    group: 'devices',
    kind: 'yaml',
    label: 'Host devices',
    help: 'A list of name and deviceName, as the cluster permits them.',
    read: (_vm, { domain }) => domain.devices.hostDevices,
    write: (_draft, value, { domain }) => put(domain.devices, 'hostDevices', listOf(value)),
  },
];

/** In the order in which they are shown. */
export const vmSettings: readonly Setting[] = [...details, ...boot, ...scheduling, ...devices];

/** The setting's value as it is in a VM. */
export function readSetting<S extends Setting>(
  setting: S,
  vm: V1VirtualMachine,
): ReturnType<S['read']> {
  // TypeScript does not see that each kind reads its own type.
  return setting.read(vm, templateSpec(vm)) as ReturnType<S['read']>;
}

/** A VM with another value of the setting; the same VM when the value is what it has already. */
export function writeSetting<S extends Setting>(
  setting: S,
  vm: V1VirtualMachine,
  value: Parameters<S['write']>[1],
): V1VirtualMachine {
  if (sameJson(readSetting(setting, vm), value)) return vm;
  // As above: the value is of the kind that this setting writes.
  return editVm(vm, (draft, spec) => setting.write(draft, value as never, spec));
}
