import { hasReason } from '../apiserver/ApiError.ts';
import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  type StorageClass,
} from '../client/resources.ts';
import { waitsForFirstConsumer } from '../hostpath-provisioner/waitsForFirstConsumer.ts';
import type { SnapshotFolders } from '../hostpath-provisioner/SnapshotFolders.ts';
import { parseQuantity } from '../quantity.ts';
import { annotations, claimOf, hasSucceeded } from './claims.ts';
import { nextStatus } from './dataVolumeStatus.ts';
import { textsFor } from './dataVolumeTexts.ts';
import type { Blank, DiskImages } from './DiskImages.ts';
import type { Importer } from './importer/Importer.ts';
import { type DataVolume, dataVolumes, type StorageProfile } from './resources.ts';
import { type Source, sourceOf, type SourceInformers } from './sources.ts';
import type { UploadSlots } from './uploadproxy/UploadSlots.ts';
import type { Transfers } from './Transfers.ts';

interface Dependencies extends SourceInformers {
  client: KubeClient;
  volumes: Informer<PersistentVolume>;
  classes: Informer<StorageClass>;
  storageProfiles: Informer<StorageProfile>;
  images: DiskImages;
  importer: Importer;
  transfers: Transfers;
  slots: UploadSlots;
  snapshots: SnapshotFolders;
  recorder: EventRecorder;
  clock: Clock;
}

type Refused = { reason: string; message: string };

/**
 * Fills the claim of each DataVolume. KubeVirt's containerized-data-importer does it with importer pods
 * (pkg/controller/datavolume, c07cdb6); here the controller does the work itself, with the same phases.
 */
export class DataVolumeController {
  readonly #is: Dependencies;
  /** UID of the claim that a DataVolume fills, by the UID of the DataVolume. */
  readonly #filling = new Map<string, string>();
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
    if (!dataVolume || dataVolume.metadata.deletionTimestamp) return;
    if (dataVolume.status?.phase === 'Succeeded') return;
    const source = sourceOf(dataVolume, this.#is);
    const found = this.#is.claims.get(key);
    const { claim, refused } = found
      ? this.#own(dataVolume, found)
      : await this.#createClaim(dataVolume, source);
    if (claim && hasSucceeded(claim)) this.end(dataVolume.metadata.uid);
    else if (claim?.status?.phase === 'Bound') this.#begin(dataVolume, claim, source);
    await this.#writeStatus(dataVolume, claim, source, refused);
  }

  /** Ends what was begun for a DataVolume, or into a claim, that is gone. */
  end(uid: string): void {
    const claim = this.#filling.get(uid);
    this.#filling.delete(uid);
    this.#is.transfers.end(claim ?? uid);
  }

  /** A claim of the name that is not the DataVolume's is left alone. */
  #own(dataVolume: DataVolume, claim: PersistentVolumeClaim) {
    const owner = claim.metadata.ownerReferences?.find(({ controller }) => controller);
    if (owner?.uid === dataVolume.metadata.uid) return { claim };
    const prepared = dataVolume.metadata.annotations?.[annotations.prePopulated];
    if (prepared === claim.metadata.name) return { claim };
    const message = `Resource "${claim.metadata.name}" already exists and is not managed by DataVolume`;
    this.#is.recorder.warning(dataVolume, 'ErrResourceExists', message);
    return { refused: { reason: 'ErrResourceExists', message } };
  }

  async #createClaim(
    dataVolume: DataVolume,
    source: Source,
  ): Promise<{ claim?: PersistentVolumeClaim; refused?: Refused }> {
    const draft = claimOf(dataVolume, this.#sizeOf(source), this.#is);
    if ('refused' in draft) {
      this.#is.recorder.warning(dataVolume, draft.refused.reason, draft.refused.message);
      return draft;
    }
    if (!draft.claim) return {};
    try {
      return { claim: await this.#is.client.create(persistentVolumeClaims, draft.claim) };
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) return {};
      const message = error instanceof Error ? error.message : String(error);
      const quota = message.includes('exceeded quota');
      const reason = quota ? 'ErrExceededQuota' : 'ErrClaimNotValid';
      this.#is.recorder.warning(dataVolume, reason, message);
      await this.#writeStatus(dataVolume, undefined, source, { reason, message });
      throw error;
    }
  }

  /** Of a clone that names none itself. */
  #sizeOf(source: Source): string | undefined {
    if (source.kind !== 'clone') return undefined;
    if (source.of === 'snapshot') {
      return this.#is.volumeSnapshots.get(source.from)?.status?.restoreSize;
    }
    const from = this.#is.claims.get(source.from);
    return from?.status?.capacity?.['storage'] ?? from?.spec.resources?.requests?.['storage'];
  }

  /** Starts the transfer in the background; its progress and its end come back through `reconcile`. */
  #begin(dataVolume: DataVolume, claim: PersistentVolumeClaim, source: Source): void {
    const { uid } = claim.metadata;
    // A clone whose source is used again meanwhile has begun already.
    if (source.kind === 'waiting') return;
    if (this.#is.transfers.get(uid)) return;
    this.#filling.set(dataVolume.metadata.uid, uid);
    const texts = textsFor(source, dataVolume, claim);
    this.#is.recorder.normal(dataVolume, texts.started.reason, texts.started.message);
    this.#is.transfers.start(
      uid,
      {
        run: (tell, signal) => this.#transfer(dataVolume, claim, source, tell, signal),
        done: async () => {
          await this.succeed(claim, source);
          this.#is.recorder.normal(dataVolume, texts.succeeded.reason, texts.succeeded.message);
        },
        failed: (message) => {
          this.#is.recorder.warning(dataVolume, texts.failed.reason, message);
        },
        changed: () => {
          this.#notify(dataVolume.metadata);
        },
      },
      dataVolume.status?.restartCount ?? 0,
    );
  }

  async #transfer(
    dataVolume: DataVolume,
    claim: PersistentVolumeClaim,
    source: Source,
    tell: (fraction: number, step: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const folder = this.folderOf(claim);
    const disk = blankOf(claim, dataVolume);
    switch (source.kind) {
      case 'blank':
        return this.#is.images.createBlank(folder, disk);
      case 'clone':
        return this.#is.images.clone(this.#folderOfSource(source), folder, disk);
      case 'import': {
        const namespace = claim.metadata.namespace ?? '';
        const from = source.from;
        return this.#is.importer.import({ source: from, namespace, folder, disk, tell, signal });
      }
      case 'upload':
        return this.#is.slots.open(
          claim.metadata.uid,
          (image, bytes) => {
            const incoming = { ...disk, ...(bytes !== undefined && { sourceBytes: bytes }) };
            return this.#is.images.write(image, folder, incoming, signal);
          },
          signal,
        );
      case 'waiting':
    }
  }

  #folderOfSource(source: Source & { kind: 'clone' }): string {
    if (source.of === 'snapshot') return this.#is.snapshots.folderOf(source.from);
    const from = this.#is.claims.get(source.from);
    if (!from) throw new Error(`source PVC ${source.from.name} is gone`);
    return this.folderOf(from);
  }

  /** Folder of the volume that a claim is bound to. */
  folderOf(claim: PersistentVolumeClaim): string {
    const volume = this.#is.volumes.get({ name: claim.spec.volumeName ?? '' });
    const path = volume?.spec.hostPath?.path;
    if (!path) throw new Error(`PVC ${claim.metadata.name} has no volume on this machine`);
    return path;
  }

  /** Marks a claim as filled. */
  async succeed(claim: PersistentVolumeClaim, source: Source): Promise<void> {
    await this.#is.client.patch(persistentVolumeClaims, claim.metadata, {
      type: 'merge',
      body: {
        // The claim may be another one of the same name by now.
        metadata: {
          uid: claim.metadata.uid,
          annotations: {
            [annotations.podPhase]: 'Succeeded',
            [annotations.progress]: '100.0%',
            ...(source.kind === 'clone' && {
              [annotations.cloneType]: source.of === 'snapshot' ? 'snapshot' : 'csi-clone',
            }),
          },
        },
      },
    });
  }

  async #writeStatus(
    dataVolume: DataVolume,
    claim: PersistentVolumeClaim | undefined,
    source: Source,
    refused: Refused | undefined,
  ): Promise<void> {
    const status = nextStatus({
      dataVolume,
      claim,
      texts: textsFor(source, dataVolume, claim ?? dataVolume),
      waiting: source.kind === 'waiting' ? source.message : undefined,
      refused,
      waitsForConsumer: claim !== undefined && waitsForFirstConsumer(claim, this.#is),
      transfer: claim && this.#is.transfers.get(claim.metadata.uid),
      now: this.#is.clock.now(),
    });
    if (status)
      await ignoreGone(this.#is.client.updateStatus(dataVolumes, { ...dataVolume, status }));
  }

  /** Ends all transfers; those cut off start anew with the next start of the program. */
  close(): void {
    this.#is.transfers.close();
  }
}

/** The disk that a claim asks for. */
export function blankOf(claim: PersistentVolumeClaim, dataVolume?: DataVolume): Blank {
  const bytes = parseQuantity(
    claim.status?.capacity?.['storage'] ?? claim.spec.resources?.requests?.['storage'] ?? '',
  );
  const annotated = claim.metadata.annotations?.[annotations.preallocation] === 'true';
  return {
    bytes: bytes ?? 0,
    ...((annotated || dataVolume?.spec.preallocation) && { preallocate: true }),
  };
}
