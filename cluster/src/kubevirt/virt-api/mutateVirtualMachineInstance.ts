import type { ClusterConfiguration } from '../clusterConfiguration.ts';
import { names, type VirtualMachineInstance } from '../resources.ts';
import { defaultDevices, defaultInstanceSpec } from './defaultInstanceSpec.ts';

/**
 * Defaults that virt-api writes into a new VirtualMachineInstance (MUT/vmi-mutator.go and pkg/defaults,
 * d923fdb), so that a controller and a guest meet no open question.
 */
export function mutateVirtualMachineInstance(
  vmi: VirtualMachineInstance,
  now: string,
  configuration: ClusterConfiguration,
): void {
  defaultInstanceSpec(vmi.spec, configuration);
  defaultDevices(vmi.spec, configuration);
  vmi.spec.evictionStrategy ??= configuration.evictionStrategy ?? 'None';
  vmi.metadata.finalizers = [...new Set([...(vmi.metadata.finalizers ?? []), names.vmiFinalizer])];

  const { cpu, memory } = vmi.spec.domain;
  vmi.status = {
    phase: 'Pending',
    phaseTransitionTimestamps: [{ phase: 'Pending', phaseTransitionTimestamp: now }],
    runtimeUser: 107,
    ...(cpu && {
      currentCPUTopology: {
        sockets: cpu.sockets ?? 1,
        cores: cpu.cores ?? 1,
        threads: cpu.threads ?? 1,
      },
    }),
    ...(memory?.guest !== undefined && {
      memory: {
        guestAtBoot: memory.guest,
        guestRequested: memory.guest,
        guestCurrent: memory.guest,
      },
    }),
    ...vmi.status,
  };
}
