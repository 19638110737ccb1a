import { runStrategies } from '../../virt-controller/runStrategies.ts';
import type { ClusterConfiguration } from '../../clusterConfiguration.ts';
import type { VirtualMachine } from '../../resources.ts';
import { type Cause, invalid } from './Cause.ts';
import { validateDataVolumeTemplates } from './validateDataVolumeTemplates.ts';
import { validateInstanceSpec } from './validateInstanceSpec.ts';
import { validateLabels } from './validateLabels.ts';

/** All mistakes in a VirtualMachine, in the order of KubeVirt's webhook (ADM/vms-admitter.go, d923fdb). */
export function validateVirtualMachine(
  vm: VirtualMachine,
  configuration: ClusterConfiguration,
): Cause[] {
  const { template } = vm.spec;
  const causes = validateRunStrategy(vm.spec);
  causes.push(...validateDataVolumeTemplates(vm));
  causes.push(...validateLabels('spec.template.metadata.labels', template.metadata?.labels));
  if (template.spec) {
    causes.push(...validateInstanceSpec('spec.template.spec', template.spec, configuration));
  }
  return causes;
}

function validateRunStrategy({ running, runStrategy }: VirtualMachine['spec']): Cause[] {
  if (running !== undefined && runStrategy !== undefined) {
    return [
      invalid(
        'spec.running',
        'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead',
      ),
    ];
  }
  if (running === undefined && runStrategy === undefined) {
    return [invalid('spec.running', 'RunStrategy must be specified')];
  }
  if (runStrategy === undefined || runStrategies.some((known) => known === runStrategy)) return [];
  return [invalid('spec.runStrategy', `Invalid RunStrategy (${runStrategy})`)];
}
