import { ApiError, hasReason } from '../../apiserver/ApiError.ts';
import type { EvictionWebhook } from '../../apiserver/builtins/podEviction.ts';
import { findNewest } from '../../client/findNewest.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { type Pod, pods } from '../../client/resources.ts';
import { names, type VirtualMachineInstance, virtualMachineInstances } from '../resources.ts';
import { findCondition } from '../virt-controller/conditions.ts';
import { attachment } from '../virt-controller/hotplug/attachmentPod.ts';
import { messageOf } from '../../client/messageOf.ts';

type Interceptor = 'virt-launcher' | 'hotplug-pod';

function denied(by: Interceptor, message: string): ApiError {
  const webhook = `${by}-eviction-interceptor.kubevirt.io`;
  return new ApiError(
    429,
    'TooManyRequests',
    `admission webhook "${webhook}" denied the request: ${message}`,
  );
}

/**
 * virt-api's webhook on evictions: a VMI that is to move away is marked with the node that it has to leave,
 * and the eviction answered 429 until it has. KubeVirt: ADM/pod-eviction-admitter.go (d923fdb).
 */
export const admitEviction: EvictionWebhook = async (pod, { client, dryRun }) => {
  const role = pod.metadata.labels?.['kubevirt.io'];
  if (role === attachment) return admitAttachment(client, pod);
  if (role !== names.launcher || isCompleted(pod)) return;
  const vmi = await vmiOf(client, pod, 'virt-launcher');
  if (!vmi) return;
  const { namespace = '', name } = vmi.metadata;
  if (!staysThroughEviction(vmi)) return;
  const triggered = `Eviction triggered evacuation of VMI "${namespace}/${name}"`;
  if (vmi.status?.evacuationNodeName) {
    throw denied('virt-launcher', `Evacuation in progress: ${triggered}`);
  }
  if (vmi.status?.nodeName !== pod.spec.nodeName) {
    throw denied('virt-launcher', 'Eviction request for target Pod');
  }
  if (!dryRun) await mark(client, vmi);
  throw denied('virt-launcher', triggered);
};

/** Is the VMI to be marked? Throws when it must stay where it is. */
function staysThroughEviction(vmi: VirtualMachineInstance): boolean {
  const migratable = findCondition(vmi.status?.conditions, 'LiveMigratable')?.status === 'True';
  switch (vmi.spec.evictionStrategy) {
    case 'LiveMigrate':
      if (migratable) return true;
      throw denied(
        'virt-launcher',
        `VMI ${vmi.metadata.name} is configured with an eviction strategy but is not live-migratable`,
      );
    case 'LiveMigrateIfPossible':
      return migratable;
    case 'External':
      return true;
    default:
      return false;
  }
}

async function mark(client: KubeClient, vmi: VirtualMachineInstance): Promise<void> {
  try {
    await client.patch(virtualMachineInstances, vmi.metadata, {
      type: 'json',
      operations: [
        { op: 'add', path: '/status/evacuationNodeName', value: vmi.status?.nodeName ?? '' },
      ],
    });
  } catch (error) {
    const why = messageOf(error);
    throw denied('virt-launcher', `kubevirt failed marking the vmi for eviction: ${why}`);
  }
}

/** The pod of a hot-plugged volume goes with its launcher pod, not before. */
async function admitAttachment(client: KubeClient, pod: Pod): Promise<void> {
  const { namespace = '', name, ownerReferences } = pod.metadata;
  const launcher = await findNewest(client, pods, {
    namespace,
    name: ownerReferences?.[0]?.name ?? '',
  });
  if (!launcher || isCompleted(launcher)) return;
  const vmi = await vmiOf(client, launcher, 'hotplug-pod');
  if (!vmi) return;
  throw denied(
    'hotplug-pod',
    `cannot evict hotplug pod: ${name} associated with running vmi: ${vmi.metadata.name} in namespace ${namespace}`,
  );
}

async function vmiOf(
  client: KubeClient,
  launcher: Pod,
  by: Interceptor,
): Promise<VirtualMachineInstance | undefined> {
  const name = launcher.metadata.annotations?.[names.domain];
  if (name === undefined) return undefined;
  const { namespace } = launcher.metadata;
  try {
    return await client.get(virtualMachineInstances, { namespace, name });
  } catch (error) {
    if (by === 'hotplug-pod' && hasReason(error, 'NotFound')) return undefined;
    const why = messageOf(error);
    throw denied(by, `kubevirt failed getting the vmi: ${why}`);
  }
}

const isCompleted = ({ status }: Pod) =>
  status?.phase === 'Failed' || status?.phase === 'Succeeded';
