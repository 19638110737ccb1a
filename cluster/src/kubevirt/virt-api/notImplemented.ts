import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { notImplemented } from '../../apiserver/ApiError.ts';
import { isMultusDefault } from '../isDefaultNetwork.ts';

const volumeSources = [
  ...['persistentVolumeClaim', 'dataVolume', 'cloudInitNoCloud', 'cloudInitConfigDrive'],
  ...['memoryDump', 'emptyDisk', 'secret', 'configMap', 'downwardAPI', 'sysprep'],
  ...['containerDisk', 'ephemeral', 'serviceAccount', 'hostDisk', 'downwardMetrics'],
];
const networkTypes = ['name', 'pod', 'multus'];
const bindings = ['sriov', 'passtBinding', 'binding'] as const;

/**
 * Refuses with 501 what a spec asks for and this cluster cannot do, so that no guest runs without
 * something that its owner believes it has. docs/local-cluster.md lists the same.
 */
export function refuseNotImplemented(path: string, spec: V1VirtualMachineInstanceSpec): void {
  const found = (field: string) => notImplemented(`${path}.${field}`);
  spec.volumes?.forEach((volume, index) => {
    const source = Object.keys(volume).find(
      (key) => key !== 'name' && !volumeSources.includes(key),
    );
    if (source) throw found(`volumes[${index}].${source}`);
  });
  spec.networks?.forEach((network, index) => {
    if (isMultusDefault(network)) throw found(`networks[${index}].multus.default`);
    const other = Object.keys(network).find((key) => !networkTypes.includes(key));
    if (other) throw found(`networks[${index}].${other}`);
  });
  spec.domain.devices.interfaces?.forEach((nic, index) => {
    const field = `domain.devices.interfaces[${index}]`;
    for (const binding of bindings) if (nic[binding]) throw found(`${field}.${binding}`);
    if (nic.model === 'igb') throw found(`${field}.model igb`);
  });
  if (spec.domain.devices.filesystems?.length) throw found('domain.devices.filesystems');
  if (spec.domain.launchSecurity) throw found('domain.launchSecurity');
}
