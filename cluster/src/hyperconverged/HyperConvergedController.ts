import { isDeepStrictEqual } from 'node:util';

import type { Cdi, DataImportCron } from '../cdi/resources.ts';
import type { Clock } from '../client/Clock.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, KubeObject, ObjectKey } from '../client/KubeClient.ts';
import type { Condition } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';
import { isManaged } from './BootImageController.ts';
import { type KubeVirt, kubeVirts } from '../kubevirt/resources.ts';
import { kubeVirtVersion } from '../versions.ts';
import { effectiveTemplates } from './importTemplates.ts';
import type { ImportTemplate } from './resources.ts';
import { type HyperConverged, hyperConvergeds } from './resources.ts';
import { type Configuration, withSettings } from './withSettings.ts';

interface Dependencies {
  client: KubeClient;
  hyperConvergeds: Informer<HyperConverged>;
  kubeVirts: Informer<KubeVirt>;
  cdis: Informer<Cdi>;
  dataImportCrons: Informer<DataImportCron>;
  /** The templates of the images that come with this cluster. */
  commonTemplates: readonly ImportTemplate[];
  clock: Clock;
}

/**
 * Hands the settings of the HyperConverged object down to KubeVirt, and gathers up what its parts report.
 * HyperConverged: controllers/hyperconverged (03da3cf).
 */
export class HyperConvergedController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const hyperConverged = this.#is.hyperConvergeds.get(key);
    if (!hyperConverged || hyperConverged.metadata.deletionTimestamp) return;
    const [kubeVirt] = this.#is.kubeVirts.list();
    const [cdi] = this.#is.cdis.list();
    if (kubeVirt) await this.#handDown(hyperConverged, kubeVirt);
    const parts = [kubeVirt, cdi].flatMap((part) => part ?? []);
    const status: HyperConverged['status'] = {
      ...hyperConverged.status,
      observedGeneration: hyperConverged.metadata.generation ?? 1,
      conditions: this.#conditions(hyperConverged, parts),
      systemHealthStatus: parts.every(isAvailable) && parts.length === 2 ? 'healthy' : 'error',
      versions: [{ name: 'kubevirt', version: kubeVirtVersion }],
      relatedObjects: parts.map(({ apiVersion, kind, metadata: { name, namespace, uid } }) => ({
        apiVersion,
        kind,
        name,
        ...(namespace !== undefined && { namespace }),
        uid,
      })),
      infrastructureHighlyAvailable: false,
      dataImportCronTemplates: this.#templates(hyperConverged),
    };
    if (JSON.stringify(status) === JSON.stringify(hyperConverged.status)) return;
    await ignoreGone(this.#is.client.updateStatus(hyperConvergeds, { ...hyperConverged, status }));
  }

  /** What is imported as boot images; `conditions` are those of the DataImportCron. */
  #templates(hyperConverged: HyperConverged) {
    const crons = this.#is.dataImportCrons.list();
    return effectiveTemplates(hyperConverged, this.#is.commonTemplates).map((template) => {
      const cron = crons.find(
        (one) => isManaged(one) && one.metadata.name === template.metadata.name,
      );
      const conditions = cron?.status?.conditions;
      return { ...template, status: { ...template.status, ...(conditions && { conditions }) } };
    });
  }

  /** What HyperConverged says goes before what stands in the KubeVirt object, also when that was edited. */
  async #handDown(hyperConverged: HyperConverged, kubeVirt: KubeVirt): Promise<void> {
    const before = (kubeVirt.spec['configuration'] ?? {}) as Configuration;
    const wanted = withSettings(before, hyperConverged);
    if (isDeepStrictEqual(wanted, before)) return;
    await ignoreGone(
      this.#is.client.patch(kubeVirts, kubeVirt.metadata, {
        type: 'merge',
        body: { spec: { configuration: wanted } },
      }),
    );
  }

  #conditions(hyperConverged: HyperConverged, parts: readonly KubeObject[]): Condition[] {
    const waiting = parts.find((part) => !isAvailable(part));
    const now = timestamp(this.#is.clock.now());
    const observedGeneration = hyperConverged.metadata.generation ?? 1;
    const fact = (type: string, holds: boolean, reason: string, message: string): Condition => {
      const status = holds ? 'True' : 'False';
      const before = hyperConverged.status?.conditions?.find((one) => one.type === type);
      const since = before?.status === status ? before.lastTransitionTime : undefined;
      return {
        type,
        status,
        reason,
        message,
        observedGeneration,
        lastTransitionTime: since ?? now,
      };
    };
    const fine = ['ReconcileCompleted', 'Reconcile completed successfully'] as const;
    const late = [
      `${waiting?.kind ?? 'Parts'}NotAvailable`,
      `${waiting?.kind ?? 'A part'} is not available`,
    ] as const;
    const done = waiting === undefined && parts.length === 2;
    const why: readonly [string, string] = done ? fine : late;
    return [
      fact('ReconcileComplete', true, ...fine),
      fact('Available', done, ...why),
      fact('Progressing', !done, ...why),
      fact('Degraded', false, ...fine),
      done
        ? fact('Upgradeable', true, ...fine)
        : fact('Upgradeable', false, 'HCOProgressing', late[1]),
    ];
  }
}

function isAvailable(part: KubeObject): boolean {
  const { status } = part as KubeObject & { status?: { conditions?: Condition[] } };
  return (
    status?.conditions?.some(
      ({ type, status: value }) => type === 'Available' && value === 'True',
    ) === true
  );
}
