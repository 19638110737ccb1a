import type { FormField } from './formFields';

const annotation = (name: string) =>
  ['metadata', 'annotations', `instancetype.kubevirt.io/${name}`] as const;

/** What an instance type or a preference is called. */
export const identityFields: readonly FormField[] = [
  {
    ...{ kind: 'name', path: ['metadata', 'name'], group: 'general' },
    ...{ label: 'Name', isRequired: true, isIdentity: true },
  },
  {
    ...{ kind: 'text', path: annotation('displayName'), group: 'general' },
    label: 'Display name',
  },
  {
    ...{ kind: 'longText', path: annotation('description'), group: 'general' },
    label: 'Description',
  },
];

/** Fields of a form over an instance type; all others are kept, and edited as YAML. */
export const instancetypeFields: readonly FormField[] = [
  ...identityFields,
  {
    ...{ kind: 'number', min: 1, max: 1024, path: ['spec', 'cpu', 'guest'], group: 'compute' },
    ...{ label: 'vCPUs', isRequired: true },
  },
  {
    ...{ kind: 'quantity', path: ['spec', 'memory', 'guest'], group: 'compute' },
    ...{ label: 'Memory', isRequired: true, help: 'An amount such as 512Mi or 4Gi.' },
  },
  {
    ...{ kind: 'number', min: 1, path: ['spec', 'cpu', 'maxSockets'], group: 'compute' },
    label: 'Maximum sockets',
    help: 'How many can be plugged in while the guest runs.',
  },
  {
    ...{ kind: 'quantity', path: ['spec', 'memory', 'maxGuest'], group: 'compute' },
    label: 'Maximum memory',
    help: 'How much can be plugged in while the guest runs.',
  },
  {
    ...{ kind: 'text', path: ['spec', 'cpu', 'model'], group: 'cpu' },
    label: 'CPU model',
    help: 'As host-model, host-passthrough or Skylake-Server.',
  },
  {
    ...{ kind: 'flag', path: ['spec', 'cpu', 'dedicatedCPUPlacement'], group: 'cpu' },
    label: 'Dedicated CPUs',
    help: 'Each vCPU has a CPU of the node to itself.',
  },
  {
    ...{ kind: 'flag', path: ['spec', 'cpu', 'isolateEmulatorThread'], group: 'cpu' },
    label: 'A CPU of its own for the emulator',
  },
  {
    ...{ kind: 'choice', path: ['spec', 'memory', 'hugepages', 'pageSize'], group: 'memory' },
    ...{ label: 'Huge pages', unset: 'None' },
    choices: ['2Mi', '1Gi'].map((value) => ({ value, label: value })),
  },
  {
    ...{ kind: 'number', min: 0, max: 100, group: 'memory' },
    path: ['spec', 'memory', 'overcommitPercent'],
    label: 'Memory overcommitment in %',
    help: 'How much less the node sets aside than the guest sees. Not together with huge pages.',
  },
  {
    ...{ kind: 'devices', path: ['spec', 'gpus'], group: 'devices' },
    label: 'GPUs',
    help: 'A name of your own, and the resource name that the nodes offer.',
  },
  {
    ...{ kind: 'devices', path: ['spec', 'hostDevices'], group: 'devices' },
    label: 'Host devices',
  },
  {
    ...{ kind: 'choice', path: ['spec', 'ioThreadsPolicy'], group: 'devices' },
    ...{ label: 'I/O threads', unset: 'Left to the cluster' },
    choices: ['shared', 'auto', 'supplementalPool'].map((value) => ({ value, label: value })),
  },
  {
    ...{ kind: 'pairs', path: ['spec', 'nodeSelector'], group: 'scheduling' },
    label: 'Labels that nodes must have',
  },
  {
    ...{ kind: 'text', path: ['spec', 'schedulerName'], group: 'scheduling' },
    label: 'Scheduler',
  },
  { kind: 'pairs', path: ['metadata', 'labels'], group: 'labels', label: 'Labels' },
];
