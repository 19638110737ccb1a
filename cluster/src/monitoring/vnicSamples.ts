import type { VirtualMachineInstance } from '../kubevirt/resources.ts';
import { type Labels, sample, type Sample } from './metrics.ts';

/** The interfaces of a VM or a VMI with their networks. */
export function vnicSamples(
  metric: 'kubevirt_vm_vnic_info' | 'kubevirt_vmi_vnic_info',
  of: Labels,
  spec: VirtualMachineInstance['spec'] | undefined,
): Sample[] {
  return (spec?.domain.devices.interfaces ?? []).flatMap((nic) => {
    const network = spec?.networks?.find(({ name }) => name === nic.name);
    return sample(
      metric,
      {
        ...of,
        vnic_name: nic.name,
        binding_type: 'core',
        network: network?.multus?.networkName ?? 'pod networking',
        binding_name: ['masquerade', 'bridge', 'sriov'].find((binding) => binding in nic),
        model: nic.model ?? '<none>',
      },
      network ? 1 : undefined,
    );
  });
}
