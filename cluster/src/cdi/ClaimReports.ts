import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { type PersistentVolumeClaim, persistentVolumeClaims } from '../client/resources.ts';
import { annotations } from './claims.ts';
import { failureOf } from './importer/ImportError.ts';
import { podNameOf, type TransferKind } from './TransferPods.ts';

interface Dependencies {
  client: KubeClient;
  /** Of the import or the upload controller. */
  recorders: Readonly<Record<TransferKind, EventRecorder>>;
}

/** Why the pod of a claim does not run. */
export interface NotRunning {
  reason: string;
  message: string;
  /** The pod was refused, and there is none. */
  isRefused?: true;
  /** The claim of its scratch space is not bound yet. */
  lacksScratch?: boolean;
}

type Notes = Record<string, string | null>;

const complete = { import: 'Import Complete', upload: 'Upload Complete' } as const;

/**
 * Tells on a claim how the pod that fills it is getting on, by the annotations and events of CDI
 * (pkg/controller/import-controller.go and upload-controller.go, c07cdb6).
 */
export class ClaimReports {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async pending(
    claim: PersistentVolumeClaim,
    kind: TransferKind,
    { reason, message, isRefused, lacksScratch }: NotRunning,
  ): Promise<void> {
    const schedulable = String(reason !== 'Unschedulable');
    const notes = {
      ...podNote(claim, kind),
      [annotations.podPhase]: isRefused ? 'Failed' : 'Pending',
      ...(kind === 'import' && !isRefused && { [annotations.podSchedulable]: schedulable }),
      ...(isRefused && running('false', reason, message)),
      ...(lacksScratch
        ? bound('false', 'CreatingScratchSpace', 'Creating scratch space')
        : bound(null, null, null)),
    };
    const { annotations: before } = claim.metadata;
    const isKnown = Object.entries(notes).every(
      ([name, value]) => (before?.[name] ?? null) === value,
    );
    if (!isKnown) await this.#annotate(claim, notes);
    if (isRefused) this.#is.recorders[kind].warning(claim, reason, message);
  }

  running(claim: PersistentVolumeClaim, kind: TransferKind, restarts: number): Promise<void> {
    return this.#annotate(claim, {
      ...podNote(claim, kind),
      [annotations.podPhase]: 'Running',
      ...(kind === 'upload' && { [annotations.podReady]: 'true' }),
      ...(kind === 'import' && { [annotations.podSchedulable]: 'true' }),
      [annotations.podRestarts]: String(restarts),
      ...running('true', 'Pod is running', ''),
      ...bound(null, null, null),
    });
  }

  /** `message`: all that the pod said. */
  async failed(claim: PersistentVolumeClaim, message: string, restarts: number): Promise<void> {
    const { reason, message: text, isFatal } = failureOf(message);
    this.#is.recorders.import.warning(claim, 'ErrImportFailed', message);
    await this.#annotate(claim, {
      [annotations.podRestarts]: String(restarts),
      ...running('false', reason, text),
      ...(isFatal && { [annotations.podPhase]: 'Failed', [annotations.fatalError]: 'true' }),
    });
  }

  /** Marks a claim as filled. */
  async succeeded(claim: PersistentVolumeClaim, kind: TransferKind, more: Notes): Promise<void> {
    await this.#annotate(claim, {
      [annotations.podPhase]: 'Succeeded',
      ...(kind === 'upload' && { [annotations.podReady]: 'false' }),
      ...running('false', 'Completed', complete[kind]),
      ...more,
    });
    const [reason, message] =
      kind === 'import'
        ? ['ImportSucceeded', 'Import Successful']
        : ['UploadSucceeded', 'Upload Successful'];
    this.#is.recorders[kind].normal(claim, reason, message);
  }

  /** The same for one that was cloned, which needs no pod. */
  cloned(claim: PersistentVolumeClaim, more: Notes): Promise<void> {
    return this.#annotate(claim, {
      [annotations.podPhase]: 'Succeeded',
      'k8s.io/CloneOf': 'true',
      ...more,
    });
  }

  async #annotate(claim: PersistentVolumeClaim, notes: Notes): Promise<void> {
    // With its UID: the claim may be another one of the same name by now.
    const body = { metadata: { uid: claim.metadata.uid, annotations: notes } };
    const patch = { type: 'merge', body } as const;
    await ignoreGone(this.#is.client.patch(persistentVolumeClaims, claim.metadata, patch));
  }
}

const podNote = ({ metadata }: PersistentVolumeClaim, kind: TransferKind): Notes => ({
  [kind === 'import' ? annotations.importPod : annotations.uploadPod]: podNameOf(
    metadata.name,
    kind,
  ),
});

const running = (holds: string, reason: string, message: string): Notes => ({
  [annotations.running]: holds,
  [annotations.runningReason]: reason,
  [annotations.runningMessage]: message,
});

const bound = (holds: string | null, reason: string | null, message: string | null): Notes => ({
  [annotations.bound]: holds,
  [annotations.boundReason]: reason,
  [annotations.boundMessage]: message,
});
