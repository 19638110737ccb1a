import { randomUUID } from 'node:crypto';

import { ApiError, deniedByWebhook } from '../../apiserver/ApiError.ts';
import type { AdmissionContext } from '../../apiserver/ResourceDefinition.ts';
import { applyArchitecture } from '../instancetype/applyPreference.ts';
import { findSpecsIfAny } from '../instancetype/findSpecs.ts';
import { inferDefaults } from '../instancetype/inferDefaults.ts';
import type { PreferenceSpec } from '../instancetype/resources.ts';
import { validateMatchers } from '../instancetype/validateMatchers.ts';
import type { VirtualMachine } from '../resources.ts';
import { messageOf } from '../../client/messageOf.ts';

const webhook = 'virtualmachines-mutator.kubevirt.io';

/** A VirtualMachine before the schema has seen it. */
interface Unchecked {
  spec?: Partial<VirtualMachine['spec']>;
}

/**
 * What virt-api writes into a VirtualMachine (MUT/vm-mutator.go, d923fdb): the instance type and preference
 * that its volume names, what must be known of them before the VMI exists, and for a new VM its ids and
 * machine. All other defaults land on the VMI.
 */
export async function mutateVirtualMachine(
  context: Exclude<AdmissionContext<VirtualMachine>, { operation: 'DELETE' }>,
): Promise<void> {
  const vm = context.object;
  // The schema is checked after the defaults: what is no object is left for it to refuse.
  const template = (vm as Unchecked).spec?.template;
  const spec = template?.spec;
  if (!template || !spec || !('domain' in spec) || vm.metadata.deletionTimestamp) return;
  if (vm.spec.instancetype ?? vm.spec.preference) await resolveMatchers(context);
  if (context.operation === 'CREATE') defaultNew(vm);
}

async function resolveMatchers(
  context: Exclude<AdmissionContext<VirtualMachine>, { operation: 'DELETE' }>,
): Promise<void> {
  const { client, object: vm, oldObject } = context;
  const causes = validateMatchers(vm, oldObject);
  if (causes.length > 0) throw deniedByWebhook(webhook, causes);
  try {
    await inferDefaults(client, vm);
  } catch (error) {
    const message = messageOf(error);
    throw new ApiError(400, '', `admission webhook "${webhook}" denied the request: ${message}`);
  }
  const { preference } = await findSpecsIfAny(client, vm);
  if (preference) preferEarly(vm, preference);
}

/** What comes too late when the VMI is made. */
function preferEarly(vm: VirtualMachine, preference: PreferenceSpec): void {
  const { spec } = vm.spec.template;
  if (!spec) return;
  applyArchitecture(spec, preference);
  const machine = preference.machine?.preferredMachineType;
  if (machine && !spec.domain.machine?.type) {
    spec.domain.machine = { ...spec.domain.machine, type: machine };
  }
  const storageClass = preference.volumes?.preferredStorageClassName;
  if (!storageClass) return;
  for (const { spec: wanted } of vm.spec.dataVolumeTemplates ?? []) {
    if (wanted.pvc) wanted.pvc.storageClassName ??= storageClass;
    if (wanted.storage) wanted.storage.storageClassName ??= storageClass;
  }
}

function defaultNew({ spec: { template } }: VirtualMachine): void {
  const { spec } = template;
  if (!spec) return;
  const { domain } = spec;
  domain.firmware = { uuid: randomUUID(), serial: randomUUID(), ...domain.firmware };
  spec.architecture ??= 'amd64';
  domain.machine = { type: 'q35', ...domain.machine };
  template.metadata ??= {};
  template.metadata.annotations = {
    'kubevirt.io/pci-topology-version': 'v3',
    ...template.metadata.annotations,
  };
}
