import { nodes } from '../../client/resources.ts';
import { ApiError, deniedByWebhook, notImplemented } from '../../apiserver/ApiError.ts';
import type { Admission, AdmissionContext } from '../../apiserver/ResourceDefinition.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { formatBytes, parseQuantity } from '../../quantity.ts';
import { guestMemoryBytes, launcherOverheadBytes } from '../launcherResources.ts';
import { cloneRefusal, serviceAccount } from '../../cdi/cloneAccess.ts';
import { applySpecs } from '../instancetype/applySpecs.ts';
import { checkRequirements } from '../instancetype/checkRequirements.ts';
import type { Conflict } from '../instancetype/Conflict.ts';
import { unevenSpread } from '../instancetype/cpuTopology.ts';
import { findSpecsIfAny } from '../instancetype/findSpecs.ts';
import { readConfiguration } from '../clusterConfiguration.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../resources.ts';
import { serviceAccountOf } from '../serviceAccountName.ts';
import { defaultInstanceSpec } from './defaultInstanceSpec.ts';
import { isControlPlane } from './isControlPlane.ts';
import { mutateVirtualMachine } from './mutateVirtualMachine.ts';
import { mutateVirtualMachineInstance } from './mutateVirtualMachineInstance.ts';
import { refuseNotImplemented } from './notImplemented.ts';
import { type Cause, invalid, notSupported, required } from './validation/Cause.ts';
import { validateInstanceSpec } from './validation/validateInstanceSpec.ts';
import { lockCauses } from './validation/lockCauses.ts';
import { discontinuedBindings } from './validation/validateNetworks.ts';
import { reservedOf, validateLabels } from './validation/validateLabels.ts';
import { validateVirtualMachine } from './validation/validateVirtualMachine.ts';
import { timestamp } from '../../client/timestamp.ts';

const vmValidator = 'virtualmachine-validator.kubevirt.io';

function deny(webhook: string, causes: Cause[]): void {
  if (causes.length > 0) throw deniedByWebhook(webhook, causes);
}

/** virt-api's webhooks for VirtualMachines. */
export const virtualMachineAdmission: Admission<VirtualMachine> = {
  async mutate(context) {
    if (context.operation === 'DELETE' || context.subresource !== '') return;
    await mutateVirtualMachine(context);
  },
  async validate(context) {
    if (context.operation === 'DELETE') refuseProtected(context.oldObject);
    if (context.operation === 'DELETE' || context.subresource !== '') return;
    const vm = context.object;
    if (vm.metadata.deletionTimestamp) return;
    if (vm.spec.running !== undefined) {
      context.warn('spec.running is deprecated, please use spec.runStrategy instead.');
    }
    const applied = await applyMatched(context.client, vm);
    if (context.operation === 'UPDATE') deny(vmValidator, lockCauses(vm, context.oldObject));
    const old = context.operation === 'CREATE' ? discontinuedBindings(vm.spec.template.spec) : [];
    const configuration = await readConfiguration(context.client);
    deny(vmValidator, [...validateVirtualMachine(applied, configuration), ...old]);
    if (vm.spec.runStrategy === 'WaitAsReceiver')
      throw notImplemented('runStrategy WaitAsReceiver');
    const spec = applied.spec.template.spec;
    if (!spec) return;
    refuseNotImplemented('spec.template.spec', spec);
    deny(vmValidator, await unauthorizedClones(context));
    if (context.operation === 'UPDATE' && !changesMemory(vm, context.oldObject)) return;
    await refuseWhatFitsNoNode(context.client, applied);
  },
};

const protection = 'kubevirt.io/vm-delete-protection';

/**
 * OpenShift Virtualization refuses to delete a VM with this label, by a ValidatingAdmissionPolicy of
 * kubevirt/ssp-operator (internal/operands/vm-delete-protection): whoever asks, and in a project that is deleted too.
 */
function refuseProtected({ metadata }: VirtualMachine): void {
  if (!/^(true|True)$/.test(metadata.labels?.[protection] ?? '')) return;
  const policy = 'kubevirt-vm-deletion-protection';
  const text = `VirtualMachine ${metadata.name} cannot be deleted, disable/remove label '${protection}' from VirtualMachine before deleting it`;
  throw new ApiError(
    422,
    'Invalid',
    `virtualmachines.kubevirt.io "${metadata.name}" is forbidden: ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: ${text}`,
  );
}

/**
 * The disks that the VM's service account may not clone from where their templates say
 * (KubeVirt: ADM/vms-admitter.go, authorizeVirtualMachineSpec).
 */
async function unauthorizedClones(
  context: Exclude<AdmissionContext<VirtualMachine>, { operation: 'DELETE' }>,
): Promise<Cause[]> {
  const { client, object: vm, oldObject } = context;
  const templates = vm.spec.dataVolumeTemplates ?? [];
  const before = oldObject?.spec.dataVolumeTemplates;
  if (before && JSON.stringify(before) === JSON.stringify(templates)) return [];
  const { namespace = '' } = context;
  const { spec: template } = vm.spec.template;
  const name = (template && serviceAccountOf(template)) ?? 'default';
  const causes = await Promise.all(
    templates.map(async ({ spec }, index) => {
      const refusal = await cloneRefusal(client, spec, namespace, serviceAccount(namespace, name));
      if (refusal === undefined) return [];
      const field = `spec.dataVolumeTemplates[${index}]`;
      return [invalid(field, `Authorization failed, message is: ${refusal}`)];
    }),
  );
  return causes.flat();
}

/**
 * A VM as its guest will be, for the checks: a copy with its instance type and preference applied. One that
 * is not found is left out; virt-controller tells of it. Throws when they conflict with the VM, or when
 * the VM is too small for the preference. KubeVirt: ADM/vms-admitter.go and pkg/instancetype/webhooks/vm.
 */
async function applyMatched(client: KubeClient, vm: VirtualMachine): Promise<VirtualMachine> {
  if (!vm.spec.instancetype && !vm.spec.preference) return vm;
  const specs = await findSpecsIfAny(client, vm);
  const copy = structuredClone(vm);
  const { template } = copy.spec;
  const { spec } = template;
  if (!spec || (!specs.instancetype && !specs.preference)) return copy;
  const refuse = (reason: Cause['reason'], { message, field }: Conflict) =>
    deny(vmValidator, [{ reason, message, field }]);
  const uneven = unevenSpread(specs.instancetype, specs.preference);
  if (uneven) refuse('FieldValueInvalid', uneven);
  const target = { path: 'spec.template.spec', spec, metadata: (template.metadata ??= {}) };
  const conflicts = applySpecs(target, specs);
  deny(
    vmValidator,
    conflicts.map(({ field, message }) => invalid(field, message)),
  );
  defaultInstanceSpec(spec);
  const unmet = checkRequirements({ ...specs, spec });
  if (unmet) {
    const message = `failure checking preference requirements: ${unmet.message}`;
    refuse('FieldValueNotFound', { ...unmet, message });
  }
  return copy;
}

const changesMemory = ({ spec }: VirtualMachine, { spec: before }: VirtualMachine) =>
  spec.instancetype?.name !== before.instancetype?.name ||
  guestMemoryBytes(spec.template.spec) !== guestMemoryBytes(before.template.spec);

/**
 * A rule of this cluster, not of KubeVirt: there, a guest larger than every node is accepted and then
 * never scheduled. Here no node can be added at run time, so the mistake is told at once, at its field.
 */
async function refuseWhatFitsNoNode(client: KubeClient, vm: VirtualMachine): Promise<void> {
  const spec = vm.spec.template.spec;
  const memory = spec && guestMemoryBytes(spec);
  if (!spec || memory === undefined) return;
  const { items } = await client.list(nodes);
  const largest = Math.max(
    0,
    ...items.map((node) => parseQuantity(node.status?.allocatable?.memory ?? '') ?? 0),
  );
  const overhead = launcherOverheadBytes(spec);
  if (items.length === 0 || memory + overhead <= largest) return;
  const field = vm.spec.instancetype?.name
    ? 'spec.instancetype.name'
    : 'spec.template.spec.domain.memory.guest';
  const most = Math.max(0, Math.floor((largest - overhead) / 2 ** 20));
  deny('virtualmachine-fits-a-node.virtdeck.io', [
    invalid(
      field,
      `${field} '${vm.spec.instancetype?.name ?? spec.domain.memory?.guest ?? formatBytes(memory)}': no node has so much memory, a guest can have ${most}Mi at most`,
    ),
  ]);
}

/** virt-api's webhooks for VirtualMachineInstances. */
export const virtualMachineInstanceAdmission: Admission<VirtualMachineInstance> = {
  async mutate(context) {
    if (context.operation === 'CREATE') {
      const configuration = await readConfiguration(context.client);
      mutateVirtualMachineInstance(context.object, timestamp(Date.now()), configuration);
    } else if (context.operation === 'UPDATE' && !isControlPlane(context)) {
      // There is no status subresource: a stale object of a user must not undo what the parts wrote.
      if (context.oldObject.status) context.object.status = context.oldObject.status;
      else delete context.object.status;
    }
  },
  async validate(context) {
    if (context.operation === 'DELETE') return;
    const { spec, metadata } = context.object;
    if (context.operation === 'UPDATE') {
      if (isControlPlane(context)) return;
      if (reservedOf(metadata.labels) !== reservedOf(context.oldObject.metadata.labels)) {
        deny('virtualmachineinstances-update-validator.kubevirt.io', [
          notSupported(
            '',
            'modification of the following reserved kubevirt.io/ labels on a VMI object is prohibited',
          ),
        ]);
      }
      if (JSON.stringify(spec) !== JSON.stringify(context.oldObject.spec)) {
        deny('virtualmachineinstances-update-validator.kubevirt.io', [
          notSupported('', 'update of VMI object is restricted'),
        ]);
      }
      return;
    }
    const configuration = await readConfiguration(context.client);
    const causes = [
      ...(isControlPlane(context) ? [] : validateLabels('metadata.labels', metadata.labels)),
      ...validateInstanceSpec('spec', spec, configuration),
      ...discontinuedBindings(spec),
    ];
    if (guestMemoryBytes(spec) === undefined) {
      causes.push(
        required(
          '',
          `no memory requested, at least one of 'spec.domain.memory.guest', 'spec.domain.memory.hugepages.size' or 'spec.domain.resources.requests.memory' must be set`,
        ),
      );
    }
    deny('virtualmachineinstances-create-validator.kubevirt.io', causes);
    refuseNotImplemented('spec', spec);
  },
};
