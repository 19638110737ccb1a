import { keyText } from '../client/Informer.ts';
import { PodDisruptionBudgetController } from '../kube-controller-manager/PodDisruptionBudgetController.ts';
import { ResourceQuotaController } from '../kube-controller-manager/ResourceQuotaController.ts';
import type { AllInformers } from './AllInformers.ts';
import type { Wiring } from './ControllerOptions.ts';
import { identities } from './identities.ts';
import type { Informers } from './informers.ts';

/** Wakes what counts objects: quotas, and the budgets of pods that may be disrupted. */
export function connectQuotas(
  { options, queue }: Wiring,
  informers: Informers,
  all: AllInformers,
): void {
  const quotaController = new ResourceQuotaController({
    ...options,
    ...informers,
    client: options.clientFor(identities.resourceQuotaController),
    objectsOf: ({ group, plural }, namespace) =>
      all.find(group, (resource) => resource.plural === plural)?.list(namespace) ?? [],
  });
  const quotaQueue = queue('resourcequota', (key) => quotaController.reconcile(key));
  informers.resourceQuotas.onChange(({ key }) => quotaQueue.add(keyText(key)));
  all.forEach((informer) => {
    if (!informer.resource.namespaced) return;
    informer.onChange(({ key }) => {
      const { namespace } = key;
      if (namespace === undefined) return;
      for (const quota of quotaController.quotasFor(informer.resource, namespace)) {
        quotaQueue.add(keyText(quota));
      }
    });
  });

  const { podDisruptionBudgets: budgets, pods } = informers;
  const budgetController = new PodDisruptionBudgetController({
    ...options,
    ...informers,
    client: options.clientFor(identities.disruptionController),
  });
  const budgetQueue = queue('poddisruptionbudget', (key) => budgetController.reconcile(key));
  budgets.onChange(({ key }) => budgetQueue.add(keyText(key)));
  pods.onChange(({ key }) => {
    for (const { metadata } of budgets.list(key.namespace)) budgetQueue.add(keyText(metadata));
  });
}
