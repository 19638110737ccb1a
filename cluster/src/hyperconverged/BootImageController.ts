import { createHash } from 'node:crypto';

import { hasReason } from '../apiserver/ApiError.ts';
import { type DataImportCron, dataImportCrons } from '../cdi/resources.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type EffectiveTemplate, effectiveTemplates } from './importTemplates.ts';
import type { ImportTemplate } from './resources.ts';
import { type HyperConverged } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  hyperConvergeds: Informer<HyperConverged>;
  dataImportCrons: Informer<DataImportCron>;
  /** The templates of the images that come with this cluster. */
  commonTemplates: readonly ImportTemplate[];
  /** Where boot images are kept unless the HyperConverged object says another place. */
  bootImageNamespace: string;
}

/** Marks the DataImportCrons that come from templates. */
const managed = { 'app.kubernetes.io/managed-by': 'ssp-operator' } as const;

/** Of the spec in the template: the API may leave out and fill in parts of what is made from it. */
const templateAnnotation = 'virtdeck.io/template-digest';

const digestOf = ({ spec }: EffectiveTemplate) =>
  createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);

/**
 * Keeps a DataImportCron for each template of the HyperConverged object, and removes it when its template
 * goes or is switched off; what it imported stays. On a cluster SSP's operator does this.
 */
export class BootImageController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const hyperConverged = this.#is.hyperConvergeds.get(key);
    if (!hyperConverged || hyperConverged.metadata.deletionTimestamp) return;
    const namespace =
      hyperConverged.spec?.workloadSources?.commonBootImageNamespace ?? this.#is.bootImageNamespace;
    const wanted = new Map(
      effectiveTemplates(hyperConverged, this.#is.commonTemplates).map((template) => {
        const where = template.metadata.namespace ?? namespace;
        return [`${where}/${template.metadata.name}`, { template, where }];
      }),
    );
    for (const cron of this.#is.dataImportCrons.list()) {
      if (!isManaged(cron)) continue;
      const id = `${cron.metadata.namespace ?? ''}/${cron.metadata.name}`;
      const found = wanted.get(id);
      const made = cron.metadata.annotations?.[templateAnnotation];
      // The spec of a cron cannot be changed: it is made anew when this one is gone.
      if (found && made === digestOf(found.template)) wanted.delete(id);
      else await ignoreGone(this.#is.client.delete(dataImportCrons, cron.metadata));
    }
    // One that is refused does not keep the others from being made.
    const made = await Promise.allSettled(
      [...wanted.values()].map(({ template, where }) => this.#create(template, where)),
    );
    for (const one of made) if (one.status === 'rejected') throw one.reason;
  }

  async #create(template: EffectiveTemplate, namespace: string): Promise<void> {
    const { metadata, spec } = template;
    try {
      await this.#is.client.create(dataImportCrons, {
        apiVersion: 'cdi.kubevirt.io/v1beta1',
        kind: 'DataImportCron',
        metadata: {
          ...metadata,
          namespace,
          labels: { ...metadata.labels, ...managed },
          annotations: { ...metadata.annotations, [templateAnnotation]: digestOf(template) },
        },
        spec,
      });
    } catch (error) {
      // One that somebody else made is left alone; an old one may not be gone yet.
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
  }
}

/** Does the DataImportCron come from a template? */
export function isManaged({ metadata }: DataImportCron): boolean {
  return Object.entries(managed).every(([name, value]) => metadata.labels?.[name] === value);
}
