import { hasReason } from '../apiserver/ApiError.ts';
import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  type StorageClass,
} from '../client/resources.ts';
import { waitsForFirstConsumer } from '../hostpath-provisioner/waitsForFirstConsumer.ts';
import { findCondition } from '../kubevirt/virt-controller/conditions.ts';
import { messageOf } from '../client/messageOf.ts';
import { type ClaimFiller, retryOf } from './ClaimFiller.ts';
import { cloneStrategyOf } from './cdiSettings.ts';
import { annotations, claimOf, hasFailed, hasSucceeded } from './claims.ts';
import { nextStatus } from './dataVolumeStatus.ts';
import { textsFor, type TransferTexts } from './dataVolumeTexts.ts';
import {
  type Cdi,
  type CdiConfig,
  type DataVolume,
  dataVolumes,
  type DataVolumeStatus,
  type StorageProfile,
} from './resources.ts';
import { type Source, sourceOf, type SourceInformers } from './sources.ts';
import type { Pending } from './TransferStarts.ts';

interface Dependencies extends SourceInformers {
  client: KubeClient;
  classes: Informer<StorageClass>;
  storageProfiles: Informer<StorageProfile>;
  cdis: Informer<Cdi>;
  cdiConfigs: Informer<CdiConfig>;
  filler: ClaimFiller;
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

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const dataVolume = this.#is.dataVolumes.get(key);
    if (!dataVolume || dataVolume.metadata.deletionTimestamp) return {};
    if (dataVolume.status?.phase === 'Succeeded') return {};
    const source = sourceOf(dataVolume, this.#is);
    const found = this.#is.claims.get(key);
    const { claim, refused } = found
      ? this.#own(dataVolume, found)
      : await this.#createClaim(dataVolume, source);
    let pending: Pending | undefined;
    if (claim && (hasSucceeded(claim) || hasFailed(claim))) this.end(dataVolume.metadata.uid);
    else if (claim?.status?.phase === 'Bound')
      pending = await this.#begin(dataVolume, claim, source);
    await this.#writeStatus(dataVolume, claim, source, { refused, pending });
    return retryOf(pending);
  }

  /** Ends what was begun for a DataVolume, or into a claim, that is gone. */
  end(uid: string): void {
    const claim = this.#filling.get(uid);
    this.#filling.delete(uid);
    this.#is.filler.end(claim ?? uid);
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
      const message = messageOf(error);
      const quota = message.includes('exceeded quota');
      const reason = quota ? 'ErrExceededQuota' : 'ErrClaimNotValid';
      this.#is.recorder.warning(dataVolume, reason, message);
      await this.#writeStatus(dataVolume, undefined, source, { refused: { reason, message } });
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
  #begin(
    dataVolume: DataVolume,
    claim: PersistentVolumeClaim,
    source: Source,
  ): Promise<Pending | undefined> {
    this.#filling.set(dataVolume.metadata.uid, claim.metadata.uid);
    const { recorder } = this.#is;
    const texts = this.#texts(source, dataVolume, claim);
    return this.#is.filler.begin({
      claim,
      source,
      object: dataVolume,
      recorder,
      started: texts.started,
      preallocate: dataVolume.spec.preallocation === true,
      restarts: dataVolume.status?.restartCount ?? 0,
      succeeded: () => {
        recorder.normal(dataVolume, texts.succeeded.reason, texts.succeeded.message);
      },
      failed: (message) => {
        // An import that is tried again is told of by its condition (emitFailureConditionEvent).
        if (texts.failed) recorder.warning(dataVolume, texts.failed.reason, message);
      },
      changed: () => {
        this.#notify(dataVolume.metadata);
      },
    });
  }

  #texts(source: Source, dataVolume: DataVolume, claim: PersistentVolumeClaim | undefined) {
    const strategy = cloneStrategyOf(this.#is, claim?.spec.storageClassName);
    return textsFor(source, dataVolume, claim ?? dataVolume, strategy);
  }

  async #writeStatus(
    dataVolume: DataVolume,
    claim: PersistentVolumeClaim | undefined,
    source: Source,
    { refused, pending }: { refused?: Refused | undefined; pending?: Pending | undefined },
  ): Promise<void> {
    const texts = this.#texts(source, dataVolume, claim);
    const status = nextStatus({
      dataVolume,
      claim,
      texts,
      waiting: source.kind === 'waiting' ? source.message : undefined,
      refused,
      pending,
      waitsForConsumer: claim !== undefined && waitsForFirstConsumer(claim, this.#is),
      transfer: claim && this.#is.filler.get(claim),
      isPopulated: source.kind === 'population',
      now: this.#is.clock.now(),
    });
    if (!status) return;
    await ignoreGone(this.#is.client.updateStatus(dataVolumes, { ...dataVolume, status }));
    this.#tellChange(dataVolume, status, texts);
  }

  /** CDI's events of what a claim and a transfer come to (pkg/controller/datavolume/controller-base.go, c07cdb6). */
  #tellChange(dataVolume: DataVolume, now: DataVolumeStatus, texts: TransferTexts): void {
    const { recorder } = this.#is;
    const { name } = dataVolume.metadata;
    const before = dataVolume.status;
    const hasChanged = now.phase !== before?.phase;
    const condition = (type: string) => findCondition(now.conditions, type);
    const bound = condition('Bound');
    const boundBefore = findCondition(before?.conditions, 'Bound');
    if (hasChanged && now.phase === 'Failed') {
      if (bound?.reason === 'ClaimLost')
        recorder.warning(dataVolume, 'ErrClaimLost', `PVC ${name} lost`);
      else recorder.warning(dataVolume, 'ImportFailed', `Failed to import into PVC ${name}`);
    }
    const isTold = bound?.reason === boundBefore?.reason && bound?.message === boundBefore?.message;
    // A claim that could not be made has been told of.
    if (!isTold && bound?.reason && !bound.reason.startsWith('Err')) {
      recorder.normal(dataVolume, bound.reason, bound.message ?? '');
    }
    const { scheduled, scheduledMessage } = texts;
    if (hasChanged && now.phase === scheduled && scheduledMessage)
      recorder.normal(dataVolume, scheduled, scheduledMessage);
    const running = condition('Running');
    const runningBefore = findCondition(before?.conditions, 'Running');
    const isOff = condition('Ready')?.status === 'False' && running?.status === 'False';
    if (isOff && running.reason && running.message && running.message !== runningBefore?.message) {
      recorder.warning(dataVolume, running.reason, running.message);
    }
  }
}
