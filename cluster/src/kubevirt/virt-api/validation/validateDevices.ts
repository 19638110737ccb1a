import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { ClusterConfiguration } from '../../clusterConfiguration.ts';
import { type Cause, invalid, notSupported, required } from './Cause.ts';

/**
 * Rules 41, 79 to 81 and 83 of the catalogue, and the feature gates of devices, which are off unless the
 * KubeVirt object turns them on (ADM/vmi-create-admitter.go, d923fdb).
 */
export function validateDevices(
  path: string,
  spec: V1VirtualMachineInstanceSpec,
  { featureGates }: ClusterConfiguration,
): Cause[] {
  const { devices } = spec.domain;
  return [
    ...validateThreadsOfDisks(path, spec),
    ...validateSound(path, spec),
    ...(devices.hostDevices?.length && !featureGates.has('HostDevices')
      ? [
          invalid(
            `${path}.HostDevices`,
            'Host Devices feature gate is not enabled in kubevirt-config',
          ),
        ]
      : []),
    ...(devices.panicDevices?.length && !featureGates.has('PanicDevices')
      ? [
          invalid(
            `${path}.domain.devices.panicDevices`,
            'Panic Devices feature gate is not enabled in kubevirt-config',
          ),
        ]
      : []),
    ...(devices.downwardMetrics && !featureGates.has('DownwardMetrics')
      ? [
          invalid(
            `${path}.domain.devices.downwardMetrics`,
            'downwardMetrics virtio serial is not allowed: DownwardMetrics feature gate is not enabled',
          ),
        ]
      : []),
    ...(devices.video && devices.autoattachGraphicsDevice === false
      ? [
          invalid(
            `${path}.video`,
            'Video configuration is not allowed when autoattachGraphicsDevice is set to false',
          ),
        ]
      : []),
    ...validateDns(path, spec),
  ];
}

function validateThreadsOfDisks(path: string, { domain }: V1VirtualMachineInstanceSpec): Cause[] {
  return (domain.devices.disks ?? []).flatMap((disk, index) => {
    const bus = (disk.disk ?? disk.lun ?? disk.cdrom)?.bus;
    if (!disk.dedicatedIOThread || !bus || bus === 'virtio') return [];
    return [
      notSupported(
        `${path}.domain.devices.disks[${index}]`,
        `IOThreads are not supported for disks on a ${bus} bus`,
      ),
    ];
  });
}

function validateSound(path: string, { domain }: V1VirtualMachineInstanceSpec): Cause[] {
  const { sound } = domain.devices;
  if (!sound) return [];
  const field = `${path}.Sound`;
  const known = !sound.model || sound.model === 'ich9' || sound.model === 'ac97';
  return [
    ...(known
      ? []
      : [invalid(field, "Sound device type is not supported. Options: 'ich9' or 'ac97'")]),
    ...(sound.name ? [] : [invalid(field, 'Sound device requires a name field.')]),
  ];
}

function validateDns(
  path: string,
  { dnsPolicy, dnsConfig }: V1VirtualMachineInstanceSpec,
): Cause[] {
  if (dnsPolicy !== 'None') return [];
  if (!dnsConfig) {
    return [required(`${path}.dnsConfig`, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  }
  if (dnsConfig.nameservers?.length) return [];
  return [
    required('nameservers', 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
  ];
}
