import type { Informer } from '../client/Informer.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import type { KubeObject } from '../client/KubeClient.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../client/resources.ts';
import type { SnapshotFolders } from '../hostpath-provisioner/SnapshotFolders.ts';
import { type CloneStrategy, cloneStrategyOf, overheadOf, preallocates } from './cdiSettings.ts';
import { annotations, diskBytes, hasFailed } from './claims.ts';
import type { ClaimReports } from './ClaimReports.ts';
import type { Blank, DiskImages } from './DiskImages.ts';
import type { Importer } from './importer/Importer.ts';
import { failureOf } from './importer/ImportError.ts';
import type { Cdi, CdiConfig, StorageProfile } from './resources.ts';
import type { ScratchClaims } from './ScratchClaims.ts';
import type { Source } from './sources.ts';
import type { TransferKind, TransferPods } from './TransferPods.ts';
import type { Transfer, Transfers } from './Transfers.ts';
import type { Pending, TransferStarts } from './TransferStarts.ts';
import type { UploadSlots } from './uploadproxy/UploadSlots.ts';

interface Dependencies {
  cdis: Informer<Cdi>;
  cdiConfigs: Informer<CdiConfig>;
  storageProfiles: Informer<StorageProfile>;
  claims: Informer<PersistentVolumeClaim>;
  volumes: Informer<PersistentVolume>;
  images: DiskImages;
  importer: Importer;
  transfers: Transfers;
  slots: UploadSlots;
  snapshots: SnapshotFolders;
  pods: TransferPods;
  scratch: ScratchClaims;
  starts: TransferStarts;
  reports: ClaimReports;
}

type Fillable = Exclude<Source, { kind: 'waiting' | 'population' }>;

export interface Filling {
  /** Bound; its disk is written. */
  claim: PersistentVolumeClaim;
  source: Source;
  /** What asked for it: it is told of its beginning, and of a source that is in use. */
  object: KubeObject;
  recorder: EventRecorder;
  started?: { reason: string; message: string };
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

/** When to look again at what could not begin. */
export const retryOf = (pending: Pending | undefined): { requeueAfterMs?: number } =>
  pending?.retryAfterMs === undefined ? {} : { requeueAfterMs: pending.retryAfterMs };

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

  /**
   * Begins, and tries again and again; a claim that is being filled already is left alone. An import and an upload
   * begin when their pod runs: gives why it does not yet.
   */
  async begin(filling: Filling): Promise<Pending | undefined> {
    const { claim, source, object, recorder, started } = filling;
    if (source.kind === 'waiting') {
      if (source.inUse) recorder.warning(object, 'CloneSourceInUse', source.message);
      return undefined;
    }
    // A clone whose source is used again meanwhile has begun already.
    if (source.kind === 'population' || this.get(claim) || hasFailed(claim)) return undefined;
    const kind = podKindOf(source);
    const pending = kind && (await this.#is.starts.pending(claim, source, kind));
    if (pending) {
      await this.#is.reports.pending(claim, kind, pending);
    } else {
      if (started) recorder.normal(object, started.reason, started.message);
      this.#start(filling, source);
    }
    return pending;
  }

  #start(filling: Filling, source: Fillable): void {
    const { claim, restarts, succeeded, failed, changed } = filling;
    const { pods, reports } = this.#is;
    const kind = podKindOf(source);
    this.#is.transfers.start(
      claim.metadata.uid,
      {
        run: async (tell, signal) => {
          pods.log(claim, 'I', describe(source));
          const tries = this.get(claim)?.restarts ?? restarts;
          pods.report(claim, tries);
          const beginning = kind && reports.running(claim, kind, tries);
          await this.#transfer({ ...filling, source }, this.#logged(claim, tell), signal);
          // What is told at the end must not be overtaken by it.
          await beginning;
        },
        done: async () => {
          pods.log(claim, 'I', source.kind === 'upload' ? 'Upload Complete' : 'Import Complete');
          await pods.complete(claim);
          await this.#succeed(filling, source);
          succeeded();
        },
        failed: async (message, count) => {
          pods.log(claim, 'E', message);
          pods.report(claim, count, message);
          failed(message);
          if (kind) await reports.failed(claim, message, count);
          if (failureOf(message).isFatal) await pods.giveUp(claim);
        },
        changed,
      },
      restarts,
    );
  }

  /** The same, which also writes to the pod's log how far it is, a line for each per cent. */
  #logged(claim: PersistentVolumeClaim, tell: (fraction: number, step: string) => void) {
    let percent = -1;
    return (fraction: number, step: string) => {
      tell(fraction, step);
      const next = Math.floor(fraction * 100);
      if (next === percent) return;
      percent = next;
      this.#is.pods.log(claim, 'I', `${(fraction * 100).toFixed(2)}${step && ` ${step}`}`);
    };
  }

  /** Ends what is under way for the claim of that UID; what was written is removed. */
  end(uid: string): void {
    this.#is.transfers.end(uid);
  }

  async #transfer(
    { claim, source, preallocate, uploadTo }: Filling & { source: Fillable },
    tell: (fraction: number, step: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const folder = this.#folderOf(claim);
    const { cdiConfigs } = this.#is;
    const disk = blankOf(
      claim,
      preallocate || preallocates(cdiConfigs),
      overheadOf(cdiConfigs, claim.spec),
    );
    const isArchive = claim.metadata.annotations?.[annotations.contentType] === 'archive';
    const scratchFolder = this.#is.scratch.folderOf(claim);
    const scratch = scratchFolder === undefined ? {} : { scratch: scratchFolder };
    switch (source.kind) {
      case 'blank':
        return this.#is.images.createBlank(folder, disk);
      case 'clone': {
        const how = { ...disk, independent: this.#strategyFor(claim) === 'copy' };
        return this.#is.images.clone(this.#folderOfSource(source), folder, how);
      }
      case 'import': {
        const namespace = claim.metadata.namespace ?? '';
        const incoming = { ...disk, ...scratch };
        const task = { namespace, folder, disk: incoming, isArchive, tell, signal };
        return this.#is.importer.import({ ...task, source: source.from });
      }
      case 'upload':
        return this.#is.slots.open(
          uploadTo ?? claim.metadata.uid,
          (image, bytes) => {
            if (isArchive) return this.#is.images.unpack(image, folder, disk.bytes, signal);
            const incoming = {
              ...disk,
              ...scratch,
              ...(bytes !== undefined && { sourceBytes: bytes }),
            };
            return this.#is.images.write(image, folder, incoming, signal);
          },
          signal,
        );
    }
  }

  #strategyFor({ spec }: PersistentVolumeClaim): CloneStrategy {
    return cloneStrategyOf(this.#is, spec.storageClassName);
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

  #succeed({ claim, preallocate }: Filling, source: Fillable): Promise<void> {
    const { reports, cdiConfigs } = this.#is;
    const isFull = blankOf(claim, preallocate || preallocates(cdiConfigs), 0).preallocate;
    const more = { ...(isFull && { [annotations.preallocation]: 'true' }) };
    if (source.kind !== 'clone') {
      return reports.succeeded(claim, source.kind === 'upload' ? 'upload' : 'import', more);
    }
    const cloneType = this.#cloneType(claim, source.of);
    return reports.cloned(claim, { ...more, [annotations.cloneType]: cloneType });
  }

  /** A snapshot is there already where it is the source. */
  #cloneType(claim: PersistentVolumeClaim, of: 'claim' | 'snapshot'): CloneStrategy {
    const strategy = this.#strategyFor(claim);
    return of === 'snapshot' && strategy !== 'copy' ? 'snapshot' : strategy;
  }

  /** Ends all; what was cut off starts anew with the next start of the program. */
  close(): void {
    this.#is.transfers.close();
  }
}

/** What kind of pod does it, if one does. */
function podKindOf({ kind }: Source): TransferKind | undefined {
  return kind === 'import' || kind === 'upload' ? kind : undefined;
}

/** What a pod writes about its work first. */
function describe(source: Fillable): string {
  if (source.kind !== 'import') return 'Upload server is listening';
  const { http, s3, registry } = source.from;
  const url = http?.url ?? s3?.url ?? registry?.url ?? '';
  return `Starting importer: ${Object.keys(source.from)[0] ?? ''} ${withoutUser(url)}`;
}

/** Logs are read by more people than secrets are. */
const withoutUser = (url: string) => url.replace(/\/\/[^/@]*@/, '//');

/** The disk that a claim asks for. */
function blankOf(claim: PersistentVolumeClaim, preallocate: boolean, overhead: number): Blank {
  const annotated = claim.metadata.annotations?.[annotations.preallocationRequested] === 'true';
  return {
    bytes: diskBytes(claim, overhead),
    ...((annotated || preallocate) && { preallocate: true }),
  };
}
