import { hasReason } from '../../apiserver/ApiError.ts';
import type { Clock } from '../../client/Clock.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import { timestamp } from '../../client/timestamp.ts';
import { type VirtualMachineTemplate, virtualMachineTemplates } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  vmTemplates: Informer<VirtualMachineTemplate>;
  clock: Clock;
}

/** Says that a template is ready (virt-template internal/controller/virtualmachinetemplate_controller.go, e5d8e40). */
export class TemplateController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const template = this.#is.vmTemplates.get(key);
    if (!template || template.metadata.deletionTimestamp) return;
    const { generation = 1 } = template.metadata;
    const before = template.status?.conditions?.find(({ type }) => type === 'Ready');
    if (before?.status === 'True' && before.observedGeneration === generation) return;
    const ready = {
      type: 'Ready',
      status: 'True' as const,
      reason: 'Reconciled',
      message: 'VirtualMachineTemplate is ready to be processed',
      observedGeneration: generation,
      lastTransitionTime:
        (before?.status === 'True' && before.lastTransitionTime) || timestamp(this.#is.clock.now()),
    };
    try {
      const status = { conditions: [ready] };
      await this.#is.client.updateStatus(virtualMachineTemplates, { ...template, status });
    } catch (error) {
      // It was changed or deleted: that comes, and with it this function.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
    }
  }
}
