import type { FormField } from './formFields';
import { identityFields } from './instancetypeFields';

const same = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
const unset = 'Left to the cluster';

const devices = (name: string) => ({ path: ['spec', 'devices', name], group: 'devices' }) as const;
const buses = same(['virtio', 'sata', 'scsi', 'usb']);

/** Fields of a form over a preference; all others are kept, and edited as YAML. */
export const preferenceFields: readonly FormField[] = [
  ...identityFields,
  {
    ...{ kind: 'choice', group: 'general', label: 'Operating system', unset: 'None' },
    path: ['metadata', 'labels', 'instancetype.kubevirt.io/os-type'],
    choices: same(['linux', 'windows']),
  },
  {
    ...{ kind: 'choice', path: ['spec', 'cpu', 'preferredCPUTopology'], group: 'compute' },
    ...{ label: 'CPU topology', unset },
    help: 'What the vCPUs of an instance type are shown to the guest as.',
    choices: same(['sockets', 'cores', 'threads', 'spread', 'any']),
  },
  {
    ...{ kind: 'text', path: ['spec', 'machine', 'preferredMachineType'], group: 'compute' },
    ...{ label: 'Machine type', help: 'As q35 or pc-q35-rhel9.4.0.' },
  },
  {
    ...{ kind: 'choice', path: ['spec', 'preferredArchitecture'], group: 'compute' },
    ...{ label: 'Architecture', unset, choices: same(['amd64', 'arm64', 's390x']) },
  },
  {
    ...{ kind: 'decision', path: ['spec', 'firmware', 'preferredUseBios'], group: 'firmware' },
    label: 'BIOS',
  },
  {
    ...{ kind: 'decision', group: 'firmware', label: 'UEFI with Secure Boot' },
    path: ['spec', 'firmware', 'preferredEfi', 'secureBoot'],
    help: 'No means UEFI without Secure Boot.',
  },
  {
    ...{ kind: 'decision', group: 'firmware', label: 'UEFI variables that last' },
    path: ['spec', 'firmware', 'preferredEfi', 'persistent'],
  },
  {
    ...{ kind: 'decision', path: ['spec', 'devices', 'preferredTPM', 'enabled'] },
    ...{ group: 'firmware', label: 'TPM' },
  },
  {
    ...{ kind: 'choice', ...devices('preferredDiskBus'), label: 'Disk bus', unset },
    choices: buses,
  },
  {
    ...{ kind: 'choice', ...devices('preferredCdromBus'), label: 'CD-ROM bus', unset },
    choices: buses,
  },
  {
    ...{ kind: 'choice', ...devices('preferredInterfaceModel'), label: 'Network card', unset },
    choices: same(['virtio', 'e1000e', 'e1000', 'rtl8139', 'ne2k_pci', 'pcnet']),
  },
  {
    ...{ kind: 'choice', ...devices('preferredInputBus'), label: 'Input bus', unset },
    choices: same(['virtio', 'usb']),
  },
  {
    ...{ kind: 'decision', ...devices('preferredAutoattachGraphicsDevice') },
    label: 'Graphics device',
  },
  {
    ...{ kind: 'decision', ...devices('preferredNetworkInterfaceMultiQueue') },
    label: 'Multiple network queues',
  },
  { kind: 'decision', ...devices('preferredBlockMultiQueue'), label: 'Multiple disk queues' },
  {
    ...{ kind: 'text', path: ['spec', 'volumes', 'preferredStorageClassName'] },
    ...{ group: 'devices', label: 'Storage class' },
  },
  {
    ...{ kind: 'number', min: 1, path: ['spec', 'requirements', 'cpu', 'guest'] },
    ...{ group: 'requirements', label: 'vCPUs at least' },
  },
  {
    ...{ kind: 'quantity', path: ['spec', 'requirements', 'memory', 'guest'] },
    ...{ group: 'requirements', label: 'Memory at least', help: 'An amount such as 512Mi or 4Gi.' },
  },
  {
    ...{ kind: 'choice', path: ['spec', 'requirements', 'architecture'], unset: 'None' },
    ...{ group: 'requirements', label: 'Architecture that is needed' },
    choices: same(['amd64', 'arm64', 's390x']),
  },
  {
    ...{ kind: 'number', min: 0, path: ['spec', 'preferredTerminationGracePeriodSeconds'] },
    ...{ group: 'other', label: 'Seconds for a shutdown' },
  },
  { kind: 'pairs', path: ['metadata', 'labels'], group: 'labels', label: 'Labels' },
];
