import type { KubeClient } from '../../client/KubeClient.ts';
import type { VirtualMachine } from '../resources.ts';
import {
  defaultInstanceSpec,
  defaultNetwork,
  defaultVolumeDisks,
} from '../virt-api/defaultInstanceSpec.ts';
import { applySpecs } from './applySpecs.ts';
import { fieldsOf } from './Conflict.ts';
import { findInstancetype, findPreference } from './findSpecs.ts';

/**
 * A VM with its instance type and preference written out and the references gone; the VM itself when it
 * has none. Rejects with a sentence when one is not there or conflicts.
 * KubeVirt: pkg/instancetype/expand (d923fdb).
 */
export async function expandVirtualMachine(
  client: KubeClient,
  vm: VirtualMachine,
): Promise<VirtualMachine> {
  if (!vm.spec.instancetype && !vm.spec.preference) return vm;
  const instancetype = await findInstancetype(client, vm);
  const preference = await findPreference(client, vm);
  const expanded = structuredClone(vm);
  const { template } = expanded.spec;
  const spec = (template.spec ??= { domain: { devices: {} } });
  const metadata = (template.metadata ??= {});
  defaultVolumeDisks(spec);
  defaultNetwork(spec);
  const target = { path: 'spec.template.spec', spec, metadata };
  const conflicts = applySpecs(target, { instancetype, preference });
  if (conflicts.length > 0) {
    throw new Error(`VM field(s) ${fieldsOf(conflicts)} conflicts with selected instance type`);
  }
  defaultInstanceSpec(spec);
  delete expanded.spec.instancetype;
  delete expanded.spec.preference;
  delete expanded.status?.instancetypeRef;
  delete expanded.status?.preferenceRef;
  return expanded;
}
