import { nodes } from '../../client/resources.ts';
import { deniedByWebhook, notImplemented } from '../../apiserver/ApiError.ts';
import { systemUser } from '../../apiserver/auth/UserInfo.ts';
import type { Admission, AdmissionContext } from '../../apiserver/ResourceDefinition.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { formatBytes, parseQuantity } from '../../quantity.ts';
import { guestMemoryBytes, launcherOverheadBytes } from '../launcherResources.ts';
import { names, type VirtualMachine, type VirtualMachineInstance } from '../resources.ts';
import { mutateVirtualMachine } from './mutateVirtualMachine.ts';
import { mutateVirtualMachineInstance } from './mutateVirtualMachineInstance.ts';
import { refuseNotImplemented } from './notImplemented.ts';
import { type Cause, invalid, notSupported, required } from './validation/Cause.ts';
import { validateInstanceSpec } from './validation/validateInstanceSpec.ts';
import { validateVirtualMachine } from './validation/validateVirtualMachine.ts';
import { timestamp } from '../../client/timestamp.ts';

function deny(webhook: string, causes: Cause[]): void {
  if (causes.length > 0) throw deniedByWebhook(webhook, causes);
}

const isControlPlane = ({ user }: AdmissionContext<VirtualMachineInstance>) =>
  user.username === systemUser.username || user.username.startsWith(names.serviceAccountPrefix);

/** virt-api's webhooks for VirtualMachines. */
export const virtualMachineAdmission: Admission<VirtualMachine> = {
  mutate(context) {
    if (context.operation === 'CREATE') mutateVirtualMachine(context.object);
  },
  async validate(context) {
    if (context.operation === 'DELETE' || context.subresource !== '') return;
    const vm = context.object;
    if (vm.metadata.deletionTimestamp) return;
    if (vm.spec.running !== undefined) {
      context.warn('spec.running is deprecated, please use spec.runStrategy instead.');
    }
    deny('virtualmachine-validator.kubevirt.io', validateVirtualMachine(vm));
    if (vm.spec.runStrategy === 'WaitAsReceiver')
      throw notImplemented('runStrategy WaitAsReceiver');
    if (vm.spec.instancetype) throw notImplemented('spec.instancetype');
    if (vm.spec.preference) throw notImplemented('spec.preference');
    const spec = vm.spec.template.spec;
    if (!spec) return;
    refuseNotImplemented('spec.template.spec', spec);
    const changed =
      context.operation === 'CREATE' ||
      guestMemoryBytes(spec) !== guestMemoryBytes(context.oldObject.spec.template.spec);
    if (changed) await refuseWhatFitsNoNode(context.client, vm);
  },
};

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
  const field = 'spec.template.spec.domain.memory.guest';
  const most = Math.max(0, Math.floor((largest - overhead) / 2 ** 20));
  deny('virtualmachine-fits-a-node.virtdeck.io', [
    invalid(
      field,
      `${field} '${spec.domain.memory?.guest ?? formatBytes(memory)}': no node has so much memory, a guest can have ${most}Mi at most`,
    ),
  ]);
}

/** virt-api's webhooks for VirtualMachineInstances. */
export const virtualMachineInstanceAdmission: Admission<VirtualMachineInstance> = {
  mutate(context) {
    if (context.operation === 'CREATE') {
      mutateVirtualMachineInstance(context.object, timestamp(Date.now()));
    } else if (context.operation === 'UPDATE' && !isControlPlane(context)) {
      // There is no status subresource: a stale object of a user must not undo what the parts wrote.
      if (context.oldObject.status) context.object.status = context.oldObject.status;
      else delete context.object.status;
    }
  },
  validate(context) {
    if (context.operation === 'DELETE') return;
    const { spec } = context.object;
    if (context.operation === 'UPDATE') {
      if (isControlPlane(context)) return;
      if (JSON.stringify(spec) !== JSON.stringify(context.oldObject.spec)) {
        deny('virtualmachineinstances-update-validator.kubevirt.io', [
          notSupported('', 'update of VMI object is restricted'),
        ]);
      }
      return;
    }
    const causes = validateInstanceSpec('spec', spec);
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
