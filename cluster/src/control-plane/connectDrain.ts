import { keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import { virtualMachineInstances } from '../kubevirt/resources.ts';
import { DisruptionBudgetController } from '../kubevirt/virt-controller/drain/DisruptionBudgetController.ts';
import { EvacuationController } from '../kubevirt/virt-controller/drain/EvacuationController.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';

/** Wakes what guards VMIs from evictions and moves them off nodes that are drained. */
export function connectDrain({ options, informers: sets, queue, recorder }: Wiring): void {
  const client = options.clientFor(identities.virtController);
  const informers = sets.pick(client, [
    ...(['nodes', 'vmis', 'migrations', 'kubeVirts', 'podDisruptionBudgets'] as const),
  ]);
  const parts = { ...options, ...informers, client };
  const budgets = new DisruptionBudgetController({
    ...parts,
    recorder: recorder(client, 'disruptionbudget-controller'),
  });
  const evacuation = new EvacuationController({
    ...parts,
    recorder: recorder(client, 'evacuation-controller'),
  });
  const budgetQueue = queue('disruptionbudget', (key) => budgets.reconcile(key));
  // One at a time: each counts the migrations that run already.
  const evacuationQueue = queue('evacuation', (key) => evacuation.reconcile(key), 1);
  informers.vmis.onChange(({ key, before, after }) => {
    budgetQueue.add(keyText(key));
    const node = (after ?? before)?.status?.nodeName;
    if (node) evacuationQueue.add(node);
  });
  informers.migrations.onChange(({ key, before, after }) => {
    const vmi: ObjectKey = {
      namespace: key.namespace,
      name: (after ?? before)?.spec.vmiName ?? '',
    };
    budgetQueue.add(keyText(vmi));
    const node = informers.vmis.get(vmi)?.status?.nodeName;
    if (node) evacuationQueue.add(node);
  });
  informers.podDisruptionBudgets.onChange(({ key, before, after }) => {
    for (const { kind, name } of (after ?? before)?.metadata.ownerReferences ?? []) {
      if (kind !== virtualMachineInstances.kind) continue;
      budgetQueue.add(keyText({ namespace: key.namespace, name }));
    }
  });
  informers.nodes.onChange(({ key }) => evacuationQueue.add(key.name));
}
