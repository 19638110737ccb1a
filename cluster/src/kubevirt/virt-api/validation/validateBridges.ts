import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { ClusterConfiguration } from '../../clusterConfiguration.ts';
import { type Cause, invalid } from './Cause.ts';

/** Rule 62 of the catalogue: the cluster may forbid bridges on the pod network (NADM, d923fdb). */
export function validateBridges(
  path: string,
  { networks, domain }: V1VirtualMachineInstanceSpec,
  { permitBridgeOnPodNetwork }: ClusterConfiguration,
): Cause[] {
  if (permitBridgeOnPodNetwork) return [];
  const pod = networks?.find((network) => network.pod)?.name;
  return (domain.devices.interfaces ?? []).flatMap(({ name, bridge }, index) =>
    bridge && name === pod
      ? [
          invalid(
            `${path}.domain.devices.interfaces[${index}].name`,
            'Bridge on pod network configuration is not enabled under kubevirt-config',
          ),
        ]
      : [],
  );
}
