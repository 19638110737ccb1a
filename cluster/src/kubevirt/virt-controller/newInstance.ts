import { controllerReference } from '../../client/controllerReference.ts';
import type { Draft, KubeClient } from '../../client/KubeClient.ts';
import { applySpecs, attachDefaults, matcherAnnotations } from '../instancetype/applySpecs.ts';
import { fieldsOf } from '../instancetype/Conflict.ts';
import { findInstancetype, findPreference } from '../instancetype/findSpecs.ts';
import { names, type VirtualMachine, type VirtualMachineInstance } from '../resources.ts';
import { withoutMemoryDumps } from './memorydump/memoryDumpVolume.ts';
import { defaultNetwork } from '../virt-api/defaultInstanceSpec.ts';

/**
 * The VirtualMachineInstance of a VM that is to run, with its instance type and preference applied. Rejects
 * when one of them is not there or conflicts. KubeVirt: pkg/virt-controller/watch/vm/vm.go (d923fdb).
 */
export async function newInstance(
  client: KubeClient,
  vm: VirtualMachine,
): Promise<Draft<VirtualMachineInstance>> {
  const { template } = vm.spec;
  const start = vm.status?.stateChangeRequests?.find(({ action }) => action === 'Start');
  const spec: VirtualMachineInstance['spec'] = {
    ...structuredClone(withoutMemoryDumps(template.spec ?? { domain: { devices: {} } })),
    ...(start?.data?.['paused'] === 'true' && { startStrategy: 'Paused' }),
  };
  const metadata = {
    annotations: {
      ...template.metadata?.annotations,
      ...matcherAnnotations(vm),
      [names.vmGeneration]: String(vm.metadata.generation ?? 1),
    },
  };
  const instancetype = await findInstancetype(client, vm);
  const preference = await findPreference(client, vm);
  attachDefaults(spec, preference);
  if (instancetype ?? preference) {
    // The preference may choose the binding and model of the default network.
    defaultNetwork(spec);
    const conflicts = applySpecs({ path: 'spec', spec, metadata }, { instancetype, preference });
    if (conflicts.length > 0) {
      throw new Error(`VMI conflicts with instancetype spec in fields: [${fieldsOf(conflicts)}]`);
    }
  }
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name: vm.metadata.name,
      ...(vm.metadata.namespace && { namespace: vm.metadata.namespace }),
      labels: { ...template.metadata?.labels },
      annotations: metadata.annotations,
      ownerReferences: [controllerReference('kubevirt.io/v1', 'VirtualMachine', vm.metadata)],
    },
    spec,
  };
}
