import { keyText } from '../client/Informer.ts';
import { virtualMachineInstanceReplicaSets } from '../kubevirt/resources.ts';
import { ReplicaSetController } from '../kubevirt/virt-controller/replicaset/ReplicaSetController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes the controller of replica sets of VMIs. */
export function connectReplicaSets({ options, informers: sets, queue, recorder }: Wiring): void {
  const client = options.clientFor(identities.virtController);
  const informers = sets.pick(client, ['vmis', 'vmiReplicaSets']);
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
}
