import type { Informer } from '../client/Informer.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from '../client/resources.ts';
import type { SnapshotFolders } from '../hostpath-provisioner/SnapshotFolders.ts';
import { parseQuantity } from '../quantity.ts';
import { annotations } from './claims.ts';
import type { Blank, DiskImages } from './DiskImages.ts';
import type { Importer } from './importer/Importer.ts';
import type { Source } from './sources.ts';
import type { Transfer, Transfers } from './Transfers.ts';
import type { UploadSlots } from './uploadproxy/UploadSlots.ts';

interface Dependencies {
  client: KubeClient;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  images: DiskImages;
  importer: Importer;
  transfers: Transfers;
  slots: UploadSlots;
  snapshots: SnapshotFolders;
}

export interface Filling {
  /** Bound; its disk is written. */
  claim: PersistentVolumeClaim;
  source: Exclude<Source, { kind: 'waiting' | 'population' }>;
  preallocate: boolean;
  /** UID of the claim that uploads name; that of `claim` when absent. */
  uploadTo?: string;
  /** Tries that failed before. */
  restarts: number;
  succeeded: () => void;
  failed: (message: string) => void;
  /** Told that `get` says something new. */
  changed: () => void;
}

/** Writes the disks of claims, from whatever source, in the background. */
export class ClaimFiller {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** How the filling of a claim is getting on; undefined when none has begun. */
  get(claim: PersistentVolumeClaim): Transfer | undefined {
    return this.#is.transfers.get(claim.metadata.uid);
  }

  /** Begins, and tries again and again; a claim that is being filled already is left alone. */
  begin(filling: Filling): void {
    const { claim, source, restarts, succeeded, failed, changed } = filling;
    this.#is.transfers.start(
      claim.metadata.uid,
      {
        run: (tell, signal) => this.#transfer(filling, tell, signal),
        done: async () => {
          await this.#succeed(claim, source);
          succeeded();
        },
        failed,
        changed,
      },
      restarts,
    );
  }

  /** Ends what is under way for the claim of that UID; what was written is removed. */
  end(uid: string): void {
    this.#is.transfers.end(uid);
  }

  async #transfer(
    { claim, source, preallocate, uploadTo }: Filling,
    tell: (fraction: number, step: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const folder = this.#folderOf(claim);
    const disk = blankOf(claim, preallocate);
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
          uploadTo ?? claim.metadata.uid,
          (image, bytes) => {
            const incoming = { ...disk, ...(bytes !== undefined && { sourceBytes: bytes }) };
            return this.#is.images.write(image, folder, incoming, signal);
          },
          signal,
        );
    }
  }

  #folderOfSource(source: Source & { kind: 'clone' }): string {
    if (source.of === 'snapshot') return this.#is.snapshots.folderOf(source.from);
    const from = this.#is.claims.get(source.from);
    if (!from) throw new Error(`source PVC ${source.from.name} is gone`);
    return this.#folderOf(from);
  }

  /** Folder of the volume that a claim is bound to. */
  #folderOf(claim: PersistentVolumeClaim): string {
    const volume = this.#is.volumes.get({ name: claim.spec.volumeName ?? '' });
    const path = volume?.spec.hostPath?.path;
    if (!path) throw new Error(`PVC ${claim.metadata.name} has no volume on this machine`);
    return path;
  }

  /** Marks a claim as filled. */
  async #succeed(claim: PersistentVolumeClaim, source: Source): Promise<void> {
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

  /** Ends all; what was cut off starts anew with the next start of the program. */
  close(): void {
    this.#is.transfers.close();
  }
}

/** The disk that a claim asks for. */
function blankOf(claim: PersistentVolumeClaim, preallocate: boolean): Blank {
  const bytes = parseQuantity(
    claim.status?.capacity?.['storage'] ?? claim.spec.resources?.requests?.['storage'] ?? '',
  );
  const annotated = claim.metadata.annotations?.[annotations.preallocation] === 'true';
  return { bytes: bytes ?? 0, ...((annotated || preallocate) && { preallocate: true }) };
}
