import { D, P, invalid, notSupported, required, resources, type Mistake } from './broken.ts';

const dedicated = { dedicatedCpuPlacement: true };

/** Rows of devices, probes, huge pages and dedicated processors (ADM/vmi-create-admitter.go, d923fdb). */
export const deviceMistakes: Mistake[] = [
  [
    21,
    'page size that is none',
    (s) => (s.domain.memory = { guest: '1Gi', hugepages: { pageSize: 'big' } }),
    invalid,
    `${D}.hugepages.size`,
    /^spec.template.spec.domain.hugepages.size 'big': quantities must match /,
  ],
  [
    22,
    'memory that is no multiple of the page size',
    (s) => {
      s.domain.memory = { hugepages: { pageSize: '2Mi' } };
      resources(s, { memory: '3Mi' });
    },
    invalid,
    `${D}.resources.requests.memory`,
    `${D}.resources.requests.memory '3Mi' is not a multiple of the page size ${D}.hugepages.size '2Mi'`,
  ],
  [
    22,
    'memory smaller than a page',
    (s) => {
      s.domain.memory = { hugepages: { pageSize: '1Gi' } };
      resources(s, { memory: '512Mi' });
    },
    invalid,
    `${D}.resources.requests.memory`,
    `${D}.resources.requests.memory '512Mi' must be equal to or larger than page size ${D}.hugepages.size '1Gi'`,
  ],
  [
    24,
    'dedicated processors in parts',
    (s) => {
      s.domain.cpu = dedicated;
      resources(s, {}, { cpu: '1500m' });
    },
    invalid,
    `${D}.resources.limits.cpu`,
    'provided resources CPU limits must be an interger',
  ],
  [
    25,
    'dedicated processors with unlike limits',
    (s) => {
      s.domain.cpu = dedicated;
      resources(s, { cpu: '1' }, { cpu: '2' });
    },
    invalid,
    `${D}.cpu.dedicatedCpuPlacement`,
    `${D}.resources.requests.cpu or ${D}.resources.limits.cpu must be equal when DedicatedCPUPlacement is true `,
  ],
  [
    26,
    'isolated emulator without dedicated processors',
    (s) => (s.domain.cpu = { isolateEmulatorThread: true }),
    invalid,
    `${D}.cpu.isolateEmulatorThread`,
    'IsolateEmulatorThread should be only set in combination with DedicatedCPUPlacement',
  ],
  [
    27,
    'NUMA without huge pages',
    (s) => (s.domain.cpu = { ...dedicated, numa: { guestMappingPassthrough: {} } }),
    invalid,
    `${D}.cpu.numa.guestMappingPassthrough`,
    `${D}.memory.hugepages must be requested when NUMA topology strategy is set in ${D}.cpu.numa.guestMappingPassthrough`,
  ],
  [
    29,
    'paused start with a liveness probe',
    (s) => {
      s.startStrategy = 'Paused';
      s.livenessProbe = { guestAgentPing: {} };
    },
    invalid,
    `${P}.startStrategy`,
    `either ${P}.startStrategy or ${P}.livenessProbe should be provided.Pausing VMI with LivenessProbe is not supported`,
  ],
  [
    41,
    'thread of its own for a SATA disk',
    (s) =>
      (s.domain.devices.disks = [{ name: 'root', disk: { bus: 'sata' }, dedicatedIOThread: true }]),
    notSupported,
    `${D}.devices.disks[0]`,
    'IOThreads are not supported for disks on a sata bus',
  ],
  [
    53,
    'hostDisk without its gate',
    (s) => {
      s.volumes?.push({ name: 'h', hostDisk: { path: '/x', type: 'Disk' } });
      s.domain.devices.disks?.push({ name: 'h', disk: {} });
    },
    invalid,
    `${P}.volumes[1]`,
    'HostDisk feature gate is not enabled',
  ],
  [
    76,
    'probe without a question',
    (s) => (s.livenessProbe = {}),
    required,
    `${P}.livenessProbe`,
    `either ${P}.livenessProbe.tcpSocket, ${P}.livenessProbe.exec or ${P}.livenessProbe.httpGet must be set if a ${P}.livenessProbe is specified`,
  ],
  [
    76,
    'probe with two questions',
    (s) => (s.readinessProbe = { guestAgentPing: {}, exec: { command: ['true'] } }),
    invalid,
    `${P}.readinessProbe`,
    `${P}.readinessProbe must have exactly one probe type set`,
  ],
  [
    79,
    'sound card of another kind',
    (s) => (s.domain.devices.sound = { name: 's', model: 'sb16' }),
    invalid,
    `${P}.Sound`,
    "Sound device type is not supported. Options: 'ich9' or 'ac97'",
  ],
  [
    80,
    'host device without its gate',
    (s) => (s.domain.devices.hostDevices = [{ name: 'h', deviceName: 'x.org/y' }]),
    invalid,
    `${P}.HostDevices`,
    'Host Devices feature gate is not enabled in kubevirt-config',
  ],
  [
    81,
    'video without graphics',
    (s) => {
      s.domain.devices.autoattachGraphicsDevice = false;
      s.domain.devices.video = { type: 'virtio' };
    },
    invalid,
    `${P}.video`,
    'Video configuration is not allowed when autoattachGraphicsDevice is set to false',
  ],
  [
    83,
    'no DNS without servers',
    (s) => (s.dnsPolicy = 'None'),
    required,
    `${P}.dnsConfig`,
    'must provide `dnsConfig` when `dnsPolicy` is None',
  ],
];
