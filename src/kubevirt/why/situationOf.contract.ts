import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';

import { toDataVolumeRow, vmDisks } from '~/kubevirt/vmDisks';
import { type KubernetesEvent, toEventRow, vmEvents } from '~/kubevirt/vmEvents';
import { vmFacts } from '~/kubevirt/vmFacts';
import { toRestoreRow } from '~/kubevirt/vmSnapshots';

import type { TestCluster } from './provocation.contract';
import { toClaimRow, toPodRow } from './rows';
import type { Situation } from './Situation';

type Row<T extends (object: never) => unknown> = Parameters<T>[0];

/** What the VM's page knows of the VM `web` of a namespace, by the requests that it would make. */
export async function situationOf(
  { send }: TestCluster,
  namespace: string,
  name: string,
): Promise<Situation> {
  const list = async <T>(group: string, plural: string): Promise<T[]> => {
    const { body } = await send('GET', `${group}/namespaces/${namespace}/${plural}`);
    // The parse boundary of the test: the server keeps to the schema of the resource.
    return (body as { items?: T[] }).items ?? [];
  };
  const kubevirt = '/apis/kubevirt.io/v1';
  const [vms, vmis, volumes, claims, pods, events, restores] = await Promise.all([
    list<V1VirtualMachine>(kubevirt, 'virtualmachines'),
    list<V1VirtualMachineInstance>(kubevirt, 'virtualmachineinstances'),
    list<Row<typeof toDataVolumeRow>>('/apis/cdi.kubevirt.io/v1beta1', 'datavolumes'),
    list<Row<typeof toClaimRow>>('/api/v1', 'persistentvolumeclaims'),
    list<Row<typeof toPodRow>>('/api/v1', 'pods'),
    list<KubernetesEvent>('/api/v1', 'events'),
    list<Row<typeof toRestoreRow>>('/apis/snapshot.kubevirt.io/v1beta1', 'virtualmachinerestores'),
  ]);
  const vm = vms.find(({ metadata }) => metadata?.name === name);
  if (!vm) throw new Error(`There is no VM ${namespace}/${name}`);
  const vmi = vmis.find(({ metadata }) => metadata?.name === name);
  const { created } = vmFacts(vm, vmi);
  const disks = vmDisks(vm, vmi, volumes.map(toDataVolumeRow));
  const names = disks.map(({ sourceName }) => sourceName).filter((one) => one !== '');
  return {
    ...{ vm, vmi },
    dataVolumes: disks.flatMap(({ dataVolume }) => dataVolume ?? []),
    claims: claims.map(toClaimRow).filter((claim) => names.includes(claim.name)),
    pods: pods.map(toPodRow),
    events: vmEvents(events.map(toEventRow), { name, created, dataVolumes: names }),
    restores: restores.map(toRestoreRow).filter((one) => one.vm === name),
  };
}
