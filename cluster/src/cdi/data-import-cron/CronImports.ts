import { ensure } from '../../client/ensure.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, KubeObject, ObjectKey, ResourceRef } from '../../client/KubeClient.ts';
import { type PersistentVolumeClaim, persistentVolumeClaims } from '../../client/resources.ts';
import {
  type VolumeSnapshot,
  volumeSnapshots as snapshots,
} from '../../hostpath-provisioner/snapshotResources.ts';
import {
  type DataImportCron,
  type DataSource,
  dataSources,
  type DataVolume,
  dataVolumes,
} from '../resources.ts';
import { cronAnnotations, cronLabel, cronLabels, goesWithItsCron } from './cronObjects.ts';

export interface ImportInformers {
  dataVolumes: Informer<DataVolume>;
  dataSources: Informer<DataSource>;
  claims: Informer<PersistentVolumeClaim>;
  volumeSnapshots: Informer<VolumeSnapshot>;
}

/** One import of a cron: what there is of it. */
export interface ImportState {
  dataVolume: DataVolume | undefined;
  claim: PersistentVolumeClaim | undefined;
  snapshot: VolumeSnapshot | undefined;
}

/** As CDI, when a cron does not say how many (pkg/controller/dataimportcron-controller.go, c07cdb6). */
const importsToKeep = 3;

/** What the DataImportCrons have imported: found, marked as used, and removed when it is outdated. */
export class CronImports {
  readonly #client: KubeClient;
  readonly #is: ImportInformers;

  constructor(client: KubeClient, informers: ImportInformers) {
    this.#client = client;
    this.#is = informers;
  }

  find(key: ObjectKey): ImportState {
    return {
      dataVolume: this.#is.dataVolumes.get(key),
      claim: this.#is.claims.get(key),
      snapshot: this.#is.volumeSnapshots.get(key),
    };
  }

  /** Marks the claim or the snapshot of an import as the cron's, and as used last now. */
  async use(cron: DataImportCron, { claim, snapshot }: ImportState, now: string): Promise<void> {
    const metadata = {
      labels: cronLabels(cron),
      annotations: { [cronAnnotations.lastUseTime]: now },
    };
    const patch = { type: 'merge', body: { metadata } } as const;
    if (claim) {
      await ignoreGone(this.#client.patch(persistentVolumeClaims, claim.metadata, patch));
    }
    if (snapshot) await ignoreGone(this.#client.patch(snapshots, snapshot.metadata, patch));
  }

  /** Where storage clones snapshots faster: the claim goes as soon as its snapshot can be used. */
  async keepAsSnapshot(
    cron: DataImportCron,
    claim: PersistentVolumeClaim,
    { snapshotClass, now }: { snapshotClass: string | undefined; now: string },
  ): Promise<void> {
    const { namespace = '', name, labels } = claim.metadata;
    const made = this.#is.volumeSnapshots.get({ namespace, name });
    if (made?.status?.readyToUse) return this.removeVolume({ namespace, name });
    if (made) return;
    const size = claim.spec.resources?.requests?.['storage'];
    await ensure(this.#client, snapshots, {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshot',
      metadata: {
        namespace,
        name,
        labels: { ...labels, ...cronLabels(cron) },
        annotations: {
          [cronAnnotations.lastUseTime]: now,
          ...(size && { [cronAnnotations.restoreSize]: size }),
          [cronAnnotations.volumeMode]: claim.spec.volumeMode ?? 'Filesystem',
        },
      },
      spec: {
        ...(snapshotClass && { volumeSnapshotClassName: snapshotClass }),
        source: { persistentVolumeClaimName: name },
      },
    });
  }

  /** Removes what was used longest ago, beyond what the cron wants to keep. `current` always stays. */
  async collect(cron: DataImportCron, current: ObjectKey): Promise<void> {
    if (cron.spec.garbageCollect === 'Never') return;
    const keep = Math.max((cron.spec.importsToKeep ?? importsToKeep) - 1, 0);
    const lastUse = ({ metadata }: KubeObject) =>
      metadata.annotations?.[cronAnnotations.lastUseTime] ?? '';
    const outdated = <T extends KubeObject>(informer: Informer<T>) =>
      of(informer, cron.metadata)
        .filter(({ metadata }) => metadata.name !== current.name)
        .sort((a, b) => lastUse(b).localeCompare(lastUse(a)))
        .slice(keep);
    for (const { metadata } of outdated(this.#is.claims)) await this.removeVolume(metadata);
    for (const { metadata } of outdated(this.#is.volumeSnapshots)) {
      await this.#delete(snapshots, metadata);
    }
  }

  /** Removes a DataVolume with its claim, or a claim alone. */
  async removeVolume(key: ObjectKey): Promise<void> {
    if (this.#is.dataVolumes.get(key)) await this.#delete(dataVolumes, key);
    else await this.#delete(persistentVolumeClaims, key);
  }

  /** Removes an import in every form. True when nothing of it is left. */
  async remove(key: ObjectKey): Promise<boolean> {
    const { dataVolume, claim, snapshot } = this.find(key);
    if (snapshot) await this.#delete(snapshots, key);
    if (dataVolume ?? claim) await this.removeVolume(key);
    return !dataVolume && !claim && !snapshot;
  }

  /** After a cron was deleted: removes what it made, as far as it was not to be retained. */
  async removeAllOf(cron: ObjectKey): Promise<void> {
    const goes = <T extends KubeObject>(informer: Informer<T>) =>
      of(informer, cron).filter(({ metadata }) => goesWithItsCron(metadata.labels));
    for (const { metadata } of goes(this.#is.dataSources))
      await this.#delete(dataSources, metadata);
    for (const { metadata } of goes(this.#is.dataVolumes))
      await this.#delete(dataVolumes, metadata);
    for (const { metadata } of goes(this.#is.claims)) {
      await this.#delete(persistentVolumeClaims, metadata);
    }
    for (const { metadata } of goes(this.#is.volumeSnapshots)) {
      await this.#delete(snapshots, metadata);
    }
  }

  async #delete(resource: ResourceRef, { namespace, name }: ObjectKey): Promise<void> {
    await ignoreGone(this.#client.delete(resource, { namespace, name }));
  }
}

function of<T extends KubeObject>(informer: Informer<T>, { namespace, name }: ObjectKey): T[] {
  return informer.list(namespace).filter(({ metadata }) => metadata.labels?.[cronLabel] === name);
}
