import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import type { VmStatus } from '~/kubevirt/vmStatus';

/** Whether an instance was not made by a VM: by a replica set, or by somebody. */
export function isAlone({ metadata }: Pick<V1VirtualMachineInstance, 'metadata'>): boolean {
  return !(metadata?.ownerReferences ?? []).some(({ kind }) => kind === 'VirtualMachine');
}

/** What made an instance that no VM made, `Kind name`; empty when somebody made it. */
export function ownerOf({ metadata }: Pick<V1VirtualMachineInstance, 'metadata'>): string {
  const owner = (metadata?.ownerReferences ?? []).find(({ controller }) => controller === true);
  return owner === undefined ? '' : `${owner.kind} ${owner.name}`;
}

/** The status of an instance in the words for VMs. */
export function instanceStatus({ metadata, status }: V1VirtualMachineInstance): VmStatus {
  if (metadata?.deletionTimestamp !== undefined) return 'Terminating';
  const isTrue = (type: string) =>
    (status?.conditions ?? []).some((one) => one.type === type && one.status === 'True');
  const migration = status?.migrationState;
  switch (status?.phase ?? '') {
    case 'Running':
      if (isTrue('Paused')) return 'Paused';
      return migration?.startTimestamp !== undefined && migration.endTimestamp === undefined
        ? 'Migrating'
        : 'Running';
    case 'Succeeded':
      return 'Stopped';
    case 'Failed':
      return 'Failed';
    case 'WaitingForSync':
      return 'WaitingForReceiver';
    case '':
    case 'Pending':
    case 'Scheduling':
    case 'Scheduled':
      return isUnschedulable(status) ? 'ErrorUnschedulable' : 'Starting';
    default:
      return 'Unknown';
  }
}

function isUnschedulable(status: V1VirtualMachineInstance['status']): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value, reason }) =>
      type === 'PodScheduled' && value === 'False' && reason === 'Unschedulable',
  );
}

/**
 * The VM that would make an instance, so that all that is known of VMs can be asked of an instance
 * that has none. It is never sent anywhere.
 */
export function vmOfInstance(vmi: V1VirtualMachineInstance): V1VirtualMachine {
  const { metadata, spec, status } = vmi;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    ...(metadata && { metadata }),
    // Nothing starts it again.
    spec: { runStrategy: 'Once', template: { spec } },
    status: {
      created: true,
      printableStatus: instanceStatus(vmi),
      ...(status?.conditions && { conditions: status.conditions }),
    },
  };
}
