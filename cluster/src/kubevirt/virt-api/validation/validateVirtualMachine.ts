import { runStrategies } from '../../virt-controller/runStrategies.ts';
import type { ClusterConfiguration } from '../../clusterConfiguration.ts';
import type { VirtualMachine } from '../../resources.ts';
import { type Cause, invalid, notSupported } from './Cause.ts';
import { validateDataVolumeTemplates } from './validateDataVolumeTemplates.ts';
import { validateInstanceSpec } from './validateInstanceSpec.ts';

const reservedLabels = [
  'kubevirt.io/created-by',
  'kubevirt.io/migrationJobUID',
  'kubevirt.io/nodeName',
  'kubevirt.io/migrationTargetNodeName',
  'kubevirt.io/schedulable',
  'kubevirt.io/install-strategy',
];

/** All mistakes in a VirtualMachine, in the order of KubeVirt's webhook (ADM/vms-admitter.go, d923fdb). */
export function validateVirtualMachine(
  vm: VirtualMachine,
  configuration: ClusterConfiguration,
): Cause[] {
  const { template } = vm.spec;
  const causes = validateRunStrategy(vm.spec);
  causes.push(...validateDataVolumeTemplates(vm));
  const reserved = Object.keys(template.metadata?.labels ?? {}).some((label) =>
    reservedLabels.includes(label),
  );
  if (reserved) {
    causes.push(
      notSupported(
        'spec.template.metadata.labels',
        'creation of the following reserved kubevirt.io/ labels on a VMI object is prohibited',
      ),
    );
  }
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
