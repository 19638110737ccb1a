import { controllerReference } from '../../../client/controllerReference.ts';
import type { EventRecorder } from '../../../client/EventRecorder.ts';
import { ignoreGone } from '../../../client/ignoreGone.ts';
import { type Informer, keyText } from '../../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../../client/KubeClient.ts';
import { type PodDisruptionBudget, podDisruptionBudgets } from '../../../client/resources.ts';
import {
  names,
  type VirtualMachineInstance,
  type VirtualMachineInstanceMigration,
} from '../../resources.ts';
import { isRunning } from '../migration/migrationPhases.ts';
import { messageOf } from '../../../client/messageOf.ts';
import { needsBudget } from './evictionRules.ts';

interface Dependencies {
  client: KubeClient;
  vmis: Informer<VirtualMachineInstance>;
  /** With the index `vmi`. */
  migrations: Informer<VirtualMachineInstanceMigration>;
  podDisruptionBudgets: Informer<PodDisruptionBudget>;
  recorder: EventRecorder;
}

/**
 * Gives each VMI that is not simply to be shut down by an eviction a PodDisruptionBudget of its own, which
 * protects both pods while it moves. KubeVirt: pkg/virt-controller/watch/drain/disruptionbudget (d923fdb).
 */
export class DisruptionBudgetController {
  readonly #is: Dependencies;
  /** VMIs whose budget was made here and may not be seen yet. */
  readonly #created = new Set<string>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const vmi = this.#is.vmis.get(key);
    // With the VMI its budget goes, as an object that it owns.
    if (!vmi) return;
    const [budget, ...more] = this.#is.podDisruptionBudgets.ownedBy(vmi.metadata.uid);
    if (budget) this.#created.delete(vmi.metadata.uid);
    const isOver = vmi.status?.phase === 'Succeeded' || vmi.status?.phase === 'Failed';
    const needed = needsBudget(vmi) && !isOver && !vmi.metadata.deletionTimestamp;
    const excess = needed ? more : [...(budget ? [budget] : []), ...more];
    for (const { metadata } of excess) await this.#delete(vmi, metadata);
    if (!needed) return;
    const minAvailable = this.#isMoving(vmi) ? 2 : 1;
    if (!budget) await this.#create(vmi, minAvailable);
    else if (budget.spec?.minAvailable !== minAvailable) await this.#resize(budget, minAvailable);
  }

  #isMoving({ metadata }: VirtualMachineInstance): boolean {
    return this.#is.migrations.byIndex('vmi', keyText(metadata)).some(isRunning);
  }

  async #create(vmi: VirtualMachineInstance, minAvailable: number): Promise<void> {
    const { uid, namespace = '' } = vmi.metadata;
    if (this.#created.has(uid)) return;
    this.#created.add(uid);
    try {
      const made = await this.#is.client.create(podDisruptionBudgets, {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: {
          generateName: 'kubevirt-disruption-budget-',
          namespace,
          ownerReferences: [
            controllerReference('kubevirt.io/v1', 'VirtualMachineInstance', vmi.metadata),
          ],
        },
        spec: { minAvailable, selector: { matchLabels: { [names.createdBy]: uid } } },
      });
      this.#is.recorder.normal(
        vmi,
        'SuccessfulCreate',
        `Created PodDisruptionBudget ${made.metadata.name}`,
      );
    } catch (error) {
      this.#created.delete(uid);
      const why = messageOf(error);
      this.#is.recorder.warning(vmi, 'FailedCreate', `Error creating PodDisruptionBudget: ${why}`);
      throw error;
    }
  }

  async #resize({ metadata }: PodDisruptionBudget, minAvailable: number): Promise<void> {
    await ignoreGone(
      this.#is.client.patch(podDisruptionBudgets, metadata, {
        type: 'merge',
        body: { spec: { minAvailable } },
      }),
    );
  }

  async #delete(
    vmi: VirtualMachineInstance,
    metadata: PodDisruptionBudget['metadata'],
  ): Promise<void> {
    if (metadata.deletionTimestamp) return;
    await ignoreGone(this.#is.client.delete(podDisruptionBudgets, metadata));
    this.#is.recorder.normal(
      vmi,
      'SuccessfulDelete',
      `Deleted PodDisruptionBudget ${metadata.name}`,
    );
  }
}
