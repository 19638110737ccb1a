import { D, P, invalid, notSupported, required, resources, type Mistake } from './broken.ts';

const source = { secret: { secretName: 'keys' } };
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
    57,
    'kernel arguments without a kernel',
    (s) => (s.domain.firmware = { kernelBoot: { kernelArgs: 'quiet' } }),
    invalid,
    `${D}.firmware.kernelBoot.kernelArgs`,
    'kernel arguments cannot be provided without an external kernel',
  ],
  [
    57,
    'kernel without a file',
    (s) => (s.domain.firmware = { kernelBoot: { container: { image: 'os/kernel:1' } } }),
    required,
    `${D}.firmware.kernelBoot.container`,
    `${D}.firmware.kernelBoot.container must be defined with at least one of the following: kernelPath, initrdPath`,
  ],
  [
    57,
    'kernel at a relative path',
    (s) =>
      (s.domain.firmware = {
        kernelBoot: { container: { image: 'os/kernel:1', kernelPath: 'boot/vmlinuz' } },
      }),
    invalid,
    `${D}.firmware.kernelBoot.container.kernelPath`,
    `${D}.firmware.kernelBoot.container.kernelPath must be an absolute path to a file without relative elements`,
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
  ...(['httpGet', 'tcpSocket'] as const).map((handler): Mistake => [
    77,
    `${handler} without the pod network`,
    (s) => {
      s.networks = [{ name: 'default', multus: { networkName: 'n' } }];
      s.domain.devices.interfaces = [{ name: 'default', bridge: {} }];
      s.livenessProbe = { [handler]: { port: 80 } };
    },
    invalid,
    `${P}.livenessProbe.${handler}`,
    `${P}.livenessProbe.${handler} is only allowed if the Pod Network is attached`,
  ]),
  [
    79,
    'sound card without a name',
    (s) => (s.domain.devices.sound = { name: '' }),
    invalid,
    `${P}.Sound`,
    'Sound device requires a name field.',
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
    'a port for downward metrics without its gate',
    (s) => (s.domain.devices.downwardMetrics = {}),
    invalid,
    `${D}.devices.downwardMetrics`,
    'downwardMetrics virtio serial is not allowed: DownwardMetrics feature gate is not enabled',
  ],
  [
    80,
    'a panic device without its gate',
    (s) => (s.domain.devices.panicDevices = [{ model: 'isa' }]),
    invalid,
    `${D}.devices.panicDevices`,
    'Panic Devices feature gate is not enabled in kubevirt-config',
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
    82,
    'credential of no kind',
    (s) => (s.accessCredentials = [{}]),
    invalid,
    `${P}.accessCredentials[0]`,
    `${P}.accessCredentials[0] must have exactly one access credential type set`,
  ],
  [
    82,
    'credential without a source',
    (s) =>
      (s.accessCredentials = [
        {
          sshPublicKey: { source: {}, propagationMethod: { qemuGuestAgent: { users: ['root'] } } },
        },
      ]),
    invalid,
    `${P}.accessCredentials[0].sshPublicKey.source`,
    `${P}.accessCredentials[0].sshPublicKey.source must have exactly one source set`,
  ],
  [
    82,
    'credential with two ways',
    (s) =>
      (s.accessCredentials = [
        { sshPublicKey: { source, propagationMethod: { noCloud: {}, configDrive: {} } } },
      ]),
    invalid,
    `${P}.accessCredentials[0].sshPublicKey.propagationMethod`,
    `${P}.accessCredentials[0].sshPublicKey.propagationMethod must have exactly one propagationMethod set`,
  ],
  [
    82,
    'credential by a cloud-init that is not there',
    (s) =>
      (s.accessCredentials = [{ sshPublicKey: { source, propagationMethod: { noCloud: {} } } }]),
    invalid,
    `${P}.accessCredentials[0].sshPublicKey.propagationMethod`,
    `${P}.accessCredentials[0].sshPublicKey.propagationMethod requires a noCloud volume to exist when the noCloud propagationMethod is in use.`,
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
