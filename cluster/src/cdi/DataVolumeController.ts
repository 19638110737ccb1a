import { join } from 'node:path';

import { hasReason } from '../apiserver/ApiError.ts';
import type { Clock, Timer } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { type Informer, keyText } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  type PersistentVolume,
  type Pod,
} from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { claimOf, hasSucceeded, podPhase } from './claims.ts';
import { diskFile, type DiskImages } from './DiskImages.ts';
import { type Progress, nextStatus } from './dataVolumeStatus.ts';
import type { ImageServer } from './ImageServer.ts';
import { type DataSource, type DataVolume, dataVolumes } from './resources.ts';

interface Dependencies {
  client: KubeClient;
  dataVolumes: Informer<DataVolume>;
  dataSources: Informer<DataSource>;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  /** With the index `claim`. */
  pods: Informer<Pod>;
  images: DiskImages;
  server: ImageServer;
  recorder: EventRecorder;
  clock: Clock;
}

/** Where a disk's content comes from, once names are resolved. */
type Source =
  | { kind: 'blank' }
  | { kind: 'claim'; namespace: string; name: string }
  | { kind: 'image'; url: string }
  | { kind: 'waiting'; message: string };

interface Transfer {
  /** Of the DataVolume. */
  key: string;
  progress: Progress;
  abort: AbortController;
}

const retrySeconds = [5, 15, 45, 120, 300];

/**
 * Fills the claim of each DataVolume. KubeVirt's containerized-data-importer does it with importer pods
 * (pkg/controller/datavolume, c07cdb6); here the controller does the work itself, with the same phases.
 */
export class DataVolumeController {
  readonly #is: Dependencies;
  /** By the UID of their DataVolume. */
  readonly #transfers = new Map<string, Transfer>();
  readonly #retries = new Set<Timer>();
  #notify: (key: ObjectKey) => void = () => undefined;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Sets who is told that a DataVolume is worth another look. */
  onProgress(notify: (key: ObjectKey) => void): void {
    this.#notify = notify;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const dataVolume = this.#is.dataVolumes.get(key);
    const leaving = dataVolume?.metadata.deletionTimestamp !== undefined;
    this.#abortAllBut(key, leaving ? undefined : dataVolume?.metadata.uid);
    if (!dataVolume || leaving) return;
    if (dataVolume.status?.phase === 'Succeeded') return;
    const source = this.#sourceOf(dataVolume);
    const claim = this.#is.claims.get(key) ?? (await this.#createClaim(dataVolume, source));
    const { uid } = dataVolume.metadata;
    const ready = claim?.status?.phase === 'Bound' && source.kind !== 'waiting';
    if (claim && ready && !hasSucceeded(claim) && !this.#transfers.has(uid)) {
      this.#begin(dataVolume, claim, source);
    }
    await this.#writeStatus(dataVolume, claim, source);
  }

  /** Ends what was begun for a DataVolume of this name that is gone. */
  #abortAllBut(key: ObjectKey, uid: string | undefined): void {
    for (const [of, transfer] of this.#transfers) {
      if (transfer.key === keyText(key) && of !== uid) transfer.abort.abort();
    }
  }

  #sourceOf(dataVolume: DataVolume): Source {
    const { source, sourceRef } = dataVolume.spec;
    if (source?.blank) return { kind: 'blank' };
    if (source?.http) return { kind: 'image', url: source.http.url };
    const own = dataVolume.metadata.namespace ?? '';
    if (source?.pvc) return this.#claimSource(source.pvc.namespace || own, source.pvc.name);
    if (!sourceRef) return { kind: 'waiting', message: 'the DataVolume names no source' };
    const namespace = sourceRef.namespace ?? own;
    const found = this.#is.dataSources.get({ namespace, name: sourceRef.name });
    const claim = found?.spec.source.pvc;
    if (!claim) {
      const message = `DataSource ${namespace}/${sourceRef.name} ${found ? 'has no source' : 'not found'}`;
      return { kind: 'waiting', message };
    }
    return this.#claimSource(claim.namespace, claim.name);
  }

  #claimSource(namespace: string, name: string): Source {
    const claim = this.#is.claims.get({ namespace, name });
    if (!claim) return { kind: 'waiting', message: `source PVC ${namespace}/${name} not found` };
    const filling = this.#is.dataVolumes.get({ namespace, name });
    if (filling && filling.status?.phase !== 'Succeeded') {
      return { kind: 'waiting', message: `source PVC ${namespace}/${name} is not populated yet` };
    }
    const user = this.#is.pods.byIndex('claim', keyText({ namespace, name })).find(isAlive);
    if (user) {
      // A disk that a guest writes to meanwhile would be copied in pieces of different times.
      const message = `pod ${namespace}/${user.metadata.name} using PersistentVolumeClaim ${name}`;
      return { kind: 'waiting', message };
    }
    return { kind: 'claim', namespace, name };
  }

  async #createClaim(
    dataVolume: DataVolume,
    source: Source,
  ): Promise<PersistentVolumeClaim | undefined> {
    const from =
      source.kind === 'claim'
        ? this.#is.claims.get({ namespace: source.namespace, name: source.name })
        : undefined;
    const draft = claimOf(dataVolume, from);
    if (!draft) return undefined;
    try {
      return await this.#is.client.create(persistentVolumeClaims, draft);
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) return undefined;
      this.#is.recorder.warning(
        dataVolume,
        'ErrClaimNotValid',
        error instanceof Error ? error.message : String(error),
      );
      throw error;
    }
  }

  /** Starts the transfer in the background; its progress and its end come back through `reconcile`. */
  #begin(dataVolume: DataVolume, claim: PersistentVolumeClaim, source: Source): void {
    const { uid } = dataVolume.metadata;
    const transfer: Transfer = {
      key: keyText(dataVolume.metadata),
      progress: { fraction: 0, step: '' },
      abort: new AbortController(),
    };
    this.#transfers.set(uid, transfer);
    const tell = (fraction: number, step: string) => {
      transfer.progress = { fraction, step };
      this.#notify(dataVolume.metadata);
    };
    this.#is.recorder.normal(
      dataVolume,
      source.kind === 'claim' ? 'CloneInProgress' : 'ImportInProgress',
      `${source.kind === 'claim' ? 'Cloning' : 'Import'} into ${claim.metadata.name} in progress`,
    );
    void this.#transfer(claim, source, tell, transfer.abort.signal)
      .then(() => this.#succeed(dataVolume, claim))
      .catch((error: unknown) => this.#fail(dataVolume, claim, error))
      .catch((error: unknown) =>
        this.#is.recorder.warning(dataVolume, 'DataVolumeFailed', String(error)),
      )
      .finally(() => {
        this.#notify(dataVolume.metadata);
      });
  }

  async #transfer(
    claim: PersistentVolumeClaim,
    source: Source,
    tell: (fraction: number, step: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const folder = this.#folderOf(claim);
    const bytes = parseQuantity(claim.spec.resources?.requests?.['storage'] ?? '') ?? 0;
    switch (source.kind) {
      case 'blank':
        return this.#is.images.createBlank(folder, bytes);
      case 'claim': {
        const from = this.#is.claims.get({ namespace: source.namespace, name: source.name });
        if (!from) throw new Error(`source PVC ${source.namespace}/${source.name} is gone`);
        return this.#is.images.copyFrom(join(this.#folderOf(from), diskFile), folder, bytes);
      }
      case 'image': {
        const image = await this.#is.server.fetch(source.url, tell, signal);
        signal.throwIfAborted();
        return this.#is.images.copyFrom(image, folder, bytes);
      }
      case 'waiting':
        throw new Error(source.message);
    }
  }

  #folderOf(claim: PersistentVolumeClaim): string {
    const volume = this.#is.volumes.get({ name: claim.spec.volumeName ?? '' });
    const path = volume?.spec.hostPath?.path;
    if (!path) throw new Error(`PVC ${claim.metadata.name} has no volume on this machine`);
    return path;
  }

  async #succeed(dataVolume: DataVolume, claim: PersistentVolumeClaim): Promise<void> {
    await this.#is.client.patch(persistentVolumeClaims, claim.metadata, {
      type: 'merge',
      // The claim may be another one of the same name by now.
      body: { metadata: { uid: claim.metadata.uid, annotations: { [podPhase]: 'Succeeded' } } },
    });
    this.#transfers.delete(dataVolume.metadata.uid);
    const cloned = !dataVolume.spec.source?.http && !dataVolume.spec.source?.blank;
    this.#is.recorder.normal(
      dataVolume,
      cloned ? 'CloneSucceeded' : 'ImportSucceeded',
      `Successfully ${cloned ? 'cloned' : 'imported'} into PVC ${claim.metadata.name}`,
    );
  }

  async #fail(dataVolume: DataVolume, claim: PersistentVolumeClaim, error: unknown): Promise<void> {
    const { uid } = dataVolume.metadata;
    const transfer = this.#transfers.get(uid);
    if (transfer?.abort.signal.aborted) {
      this.#transfers.delete(uid);
      return;
    }
    const message = `Unable to process data: ${error instanceof Error ? error.message : String(error)}`;
    this.#is.recorder.warning(dataVolume, 'ImportFailed', message);
    if (transfer) transfer.progress = { ...transfer.progress, error: message };
    const restarts = (this.#is.dataVolumes.get(dataVolume.metadata)?.status?.restartCount ?? 0) + 1;
    await this.#is.client.patch(
      dataVolumes,
      dataVolume.metadata,
      { type: 'merge', body: { status: { restartCount: restarts } } },
      { subresource: 'status' },
    );
    // CDI tries for ever; so does this, less and less often.
    const seconds = retrySeconds[Math.min(restarts, retrySeconds.length) - 1] ?? 300;
    const retry = this.#is.clock.setTimeout(() => {
      this.#retries.delete(retry);
      this.#transfers.delete(uid);
      this.#notify(claim.metadata);
    }, seconds * 1000);
    this.#retries.add(retry);
  }

  async #writeStatus(
    dataVolume: DataVolume,
    claim: PersistentVolumeClaim | undefined,
    source: Source,
  ): Promise<void> {
    const status = nextStatus({
      dataVolume,
      claim,
      cloning:
        source.kind === 'claim' || (source.kind === 'waiting' && !dataVolume.spec.source?.http),
      waiting: source.kind === 'waiting' ? source.message : undefined,
      progress: this.#transfers.get(dataVolume.metadata.uid)?.progress,
      now: this.#is.clock.now(),
    });
    if (!status) return;
    try {
      await this.#is.client.updateStatus(dataVolumes, { ...dataVolume, status });
    } catch (error) {
      // A newer object is on its way here, or it is gone.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
    }
  }

  /** Ends all transfers; those cut off start anew with the next start of the program. */
  close(): void {
    for (const { abort } of this.#transfers.values()) abort.abort();
    for (const retry of this.#retries) this.#is.clock.clearTimeout(retry);
  }
}

const isAlive = ({ status }: Pod) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
