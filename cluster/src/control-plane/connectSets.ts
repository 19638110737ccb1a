import { keyText } from '../client/Informer.ts';
import type { KubeObject } from '../client/KubeClient.ts';
import { virtualMachineInstanceReplicaSets, virtualMachinePools } from '../kubevirt/resources.ts';
import { PoolController } from '../kubevirt/virt-controller/pool/PoolController.ts';
import { ReplicaSetController } from '../kubevirt/virt-controller/replicaset/ReplicaSetController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes the controllers of replica sets of VMIs and of pools of VMs. */
export function connectSets({ options, informers: sets, queue, recorder }: Wiring): void {
  const client = options.clientFor(identities.virtController);
  const informers = sets.pick(client, ['vms', 'vmis', 'vmiReplicaSets', 'pools']);
  const controller = new ReplicaSetController({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'virtualmachinereplicaset-controller'),
  });
  const setQueue = queue('virtualmachineinstancereplicaset', (key) => controller.reconcile(key));
  informers.vmiReplicaSets.onChange(({ key }) => setQueue.add(keyText(key)));
  informers.vmis.onChange(({ key, before, after }) => {
    for (const { kind, name } of (after ?? before)?.metadata.ownerReferences ?? []) {
      if (kind !== virtualMachineInstanceReplicaSets.kind) continue;
      setQueue.add(keyText({ namespace: key.namespace, name }));
    }
  });
  const poolController = new PoolController({
    ...options,
    ...informers,
    client,
    recorder: recorder(client, 'virtualmachinepool-controller'),
  });
  const poolQueue = queue('virtualmachinepool', (key) => poolController.reconcile(key));
  informers.pools.onChange(({ key }) => poolQueue.add(keyText(key)));
  const wakePool = (vm: KubeObject | undefined) => {
    for (const { kind, name } of vm?.metadata.ownerReferences ?? []) {
      if (kind !== virtualMachinePools.kind) continue;
      poolQueue.add(keyText({ namespace: vm?.metadata.namespace, name }));
    }
  };
  informers.vms.onChange(({ before, after }) => {
    wakePool(after ?? before);
  });
  informers.vmis.onChange(({ key }) => {
    wakePool(informers.vms.get(key));
  });
}
