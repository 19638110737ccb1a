import { hasReason } from '../../apiserver/ApiError.ts';
import { controllerReference } from '../../client/controllerReference.ts';
import type { EventRecorder } from '../../client/EventRecorder.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import type { Informer } from '../../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  persistentVolumes,
  type StorageClass,
} from '../../client/resources.ts';
import { waitsForFirstConsumer } from '../../hostpath-provisioner/waitsForFirstConsumer.ts';
import type { VirtualMachineInstance } from '../../kubevirt/resources.ts';
import { type ClaimFiller, type Filling, retryOf } from '../ClaimFiller.ts';
import { annotations, componentLabels, hasSucceeded } from '../claims.ts';
import { failureOf } from '../importer/ImportError.ts';
import type { Pending } from '../TransferStarts.ts';
import { type CloneInformers, fromClaim, fromSnapshot, type Source } from '../sources.ts';
import { PrimeEvents } from './PrimeEvents.ts';
import { primeNotes } from './primeNotes.ts';
import {
  type PopulatorKind,
  populatorOf,
  primeName,
  type VolumeCloneSource,
  type VolumeImportSource,
  type VolumeUploadSource,
} from './resources.ts';
import { messageOf } from '../../client/messageOf.ts';

interface Dependencies extends CloneInformers {
  client: KubeClient;
  importSources: Informer<VolumeImportSource>;
  uploadSources: Informer<VolumeUploadSource>;
  cloneSources: Informer<VolumeCloneSource>;
  volumes: Informer<PersistentVolume>;
  classes: Informer<StorageClass>;
  vmis: Informer<VirtualMachineInstance>;
  filler: ClaimFiller;
  recorder: EventRecorder;
}

interface Population {
  source: Source;
  contentType: string;
  preallocate: boolean;
}

/** Events of CDI, by the populator (pkg/controller/populators, c07cdb6). */
const words: Record<
  PopulatorKind,
  { failed?: string; succeeded: string; message: (name: string) => string }
> = {
  VolumeImportSource: {
    succeeded: 'importSucceeded',
    message: (name) => `Successfully imported into ${name}`,
  },
  VolumeUploadSource: {
    succeeded: 'UploadSucceeded',
    message: (name) => `Successfully uploaded into ${name}`,
  },
  VolumeCloneSource: {
    failed: 'CloneFailed',
    succeeded: 'CloneSucceeded',
    message: (name) => `Successfully cloned into ${name}`,
  },
};

/**
 * Fills claims that name a VolumeImportSource, VolumeUploadSource or VolumeCloneSource: as in CDI another
 * claim, `prime-UID`, is bound and filled, and its volume is then given to the claim that asked.
 */
export class PopulatorController {
  readonly #is: Dependencies;
  readonly #events: PrimeEvents;
  #notify: (key: ObjectKey) => void = () => undefined;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    this.#events = new PrimeEvents(dependencies);
  }

  /** Sets who is told that a claim is worth another look. */
  onProgress(notify: (key: ObjectKey) => void): void {
    this.#notify = notify;
  }

  /** `key` is that of the claim that asked. */
  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    const claim = this.#is.claims.get(key);
    const populator = claim && populatorOf(claim);
    if (!claim || !populator || claim.metadata.deletionTimestamp) return {};
    const { namespace } = claim.metadata;
    const prime = this.#is.claims.get({ namespace, name: primeName(claim.metadata.uid) });
    if (claim.status?.phase === 'Bound') await this.#cleanUp(claim, prime);
    else if (!claim.spec.storageClassName || waitsForFirstConsumer(claim, this.#is)) return {};
    else if (prime && hasSucceeded(prime)) await this.#handOver(claim, prime, populator.kind);
    else return this.#populate(claim, prime, populator);
    return {};
  }

  async #populate(
    claim: PersistentVolumeClaim,
    prime: PersistentVolumeClaim | undefined,
    populator: { kind: PopulatorKind; name: string },
  ): Promise<{ requeueAfterMs?: number }> {
    const population = this.#populationOf(claim, populator);
    if (!population) return {};
    if (!prime) {
      await this.#createPrime(claim, population, populator.kind);
      return {};
    }
    const { source } = population;
    let pending: Pending | undefined;
    if (prime.status?.phase === 'Bound') {
      pending = await this.#begin(claim, prime, { ...population, kind: populator.kind });
    }
    await this.#report(claim, prime, source, pending);
    return retryOf(pending);
  }

  /** Ends what fills a claim that is gone. */
  end(uid: string): void {
    this.#is.filler.end(uid);
    this.#events.forget(uid);
  }

  #populationOf(
    { metadata: { namespace, name: claimName } }: PersistentVolumeClaim,
    { kind, name }: { kind: PopulatorKind; name: string },
  ): Population | undefined {
    const key = { namespace, name };
    const common = (spec: { contentType?: string; preallocation?: boolean }) => ({
      contentType: spec.contentType ?? 'kubevirt',
      preallocate: spec.preallocation === true,
    });
    switch (kind) {
      case 'VolumeImportSource': {
        const { spec } = this.#is.importSources.get(key) ?? {};
        if (!spec || (spec.targetClaim && spec.targetClaim !== claimName)) return undefined;
        const { source } = spec;
        const isBlank = !source || source.blank !== undefined;
        return {
          ...common(spec),
          source: isBlank ? { kind: 'blank' } : { kind: 'import', from: source },
        };
      }
      case 'VolumeUploadSource': {
        const { spec } = this.#is.uploadSources.get(key) ?? {};
        return spec && { ...common(spec), source: { kind: 'upload' } };
      }
      case 'VolumeCloneSource': {
        const { spec } = this.#is.cloneSources.get(key) ?? {};
        if (!spec) return undefined;
        const from = { namespace, name: spec.source.name };
        const isSnapshot = spec.source.kind === 'VolumeSnapshot';
        const source = isSnapshot ? fromSnapshot(from, this.#is) : fromClaim(from, this.#is);
        return { ...common(spec), source };
      }
    }
  }

  async #createPrime(
    claim: PersistentVolumeClaim,
    { contentType }: Population,
    kind: PopulatorKind,
  ): Promise<void> {
    const { accessModes, resources, storageClassName, volumeMode } = claim.spec;
    const { namespace, uid } = claim.metadata;
    const retained = claim.metadata.annotations?.[annotations.podRetained];
    try {
      await this.#is.client.create(persistentVolumeClaims, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: primeName(uid),
          ...(namespace !== undefined && { namespace }),
          labels: {
            app: 'containerized-data-importer',
            'velero.io/exclude-from-backup': 'true',
            ...componentLabels,
          },
          annotations: {
            [annotations.bindImmediately]: '',
            [annotations.populatorKind]: kind,
            [annotations.contentType]: contentType,
            ...(retained !== undefined && { [annotations.podRetained]: retained }),
          },
          ownerReferences: [controllerReference('v1', 'PersistentVolumeClaim', claim.metadata)],
        },
        spec: {
          ...(accessModes && { accessModes }),
          ...(resources && { resources }),
          ...(storageClassName && { storageClassName }),
          ...(volumeMode && { volumeMode }),
        },
      });
      this.#is.recorder.normal(
        claim,
        'CreatedPVCPrimeSuccessfully',
        'PVC Prime created successfully',
      );
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) return;
      const message = messageOf(error);
      this.#is.recorder.warning(claim, 'ErrCreatingPVCPrime', message);
      throw error;
    }
  }

  #begin(
    claim: PersistentVolumeClaim,
    prime: PersistentVolumeClaim,
    { source, preallocate, kind }: Population & { kind: PopulatorKind },
  ): Promise<Pending | undefined> {
    const filling: Filling = {
      claim: prime,
      object: claim,
      recorder: this.#is.recorder,
      source,
      preallocate,
      uploadTo: claim.metadata.uid,
      restarts: Number(claim.metadata.annotations?.[annotations.podRestarts] ?? 0),
      succeeded: () => undefined,
      failed: (message) => {
        const { failed } = words[kind];
        if (failed) this.#is.recorder.warning(claim, failed, message);
        // Of others the event of the claim that is filled tells.
        if (failed || !failureOf(message).isFatal) return;
        const text = `import into ${claim.metadata.name} failed`;
        this.#is.recorder.warning(claim, 'importFailed', text);
      },
      changed: () => {
        this.#notify(claim.metadata);
      },
    };
    return this.#is.filler.begin(filling);
  }

  /** Writes how the filling is getting on into the annotations that CDI has for it. */
  async #report(
    claim: PersistentVolumeClaim,
    prime: PersistentVolumeClaim,
    source: Source,
    pending: Pending | undefined,
  ): Promise<void> {
    const before = claim.metadata.annotations ?? {};
    const transfer = this.#is.filler.get(prime);
    const lastEvent = await this.#events.copy(prime, claim);
    const now = primeNotes(prime, { source, transfer, pending, lastEvent });
    if (Object.entries(now).every(([name, value]) => before[name] === value)) return;
    await this.#annotate(claim, now);
  }

  /** The volume that was filled becomes that of the claim that asked; who provisions it binds the two. */
  async #handOver(
    claim: PersistentVolumeClaim,
    prime: PersistentVolumeClaim,
    kind: PopulatorKind,
  ): Promise<void> {
    const volume = this.#is.volumes.get({ name: prime.spec.volumeName ?? '' });
    if (!volume) return;
    const { namespace = '', name, uid } = claim.metadata;
    const cloneType = prime.metadata.annotations?.[annotations.cloneType];
    await this.#events.copy(prime, claim);
    const { [annotations.runningMessage]: message = '' } = prime.metadata.annotations ?? {};
    await this.#annotate(claim, {
      [annotations.podPhase]: 'Succeeded',
      [annotations.progress]: '100.0%',
      [annotations.running]: 'false',
      [annotations.runningReason]: 'Completed',
      [annotations.runningMessage]: message,
      [annotations.bound]: null,
      [annotations.boundReason]: null,
      [annotations.boundMessage]: null,
      ...(cloneType && { [annotations.cloneType]: cloneType }),
    });
    if (volume.spec.claimRef?.uid === uid) return;
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid };
    const body = { spec: { claimRef } };
    await ignoreGone(
      this.#is.client.patch(persistentVolumes, volume.metadata, { type: 'merge', body }),
    );
    this.#is.recorder.normal(claim, words[kind].succeeded, words[kind].message(name));
  }

  async #cleanUp(claim: PersistentVolumeClaim, prime?: PersistentVolumeClaim): Promise<void> {
    this.#events.forget(claim.metadata.uid);
    if (!prime || prime.metadata.deletionTimestamp) return;
    this.end(prime.metadata.uid);
    await ignoreGone(this.#is.client.delete(persistentVolumeClaims, prime.metadata));
  }

  async #annotate({ metadata }: PersistentVolumeClaim, notes: Record<string, string | null>) {
    const body = { metadata: { uid: metadata.uid, annotations: notes } };
    const patch = { type: 'merge', body } as const;
    await ignoreGone(this.#is.client.patch(persistentVolumeClaims, metadata, patch));
  }
}
