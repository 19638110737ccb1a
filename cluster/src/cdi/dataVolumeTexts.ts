import type { PersistentVolumeClaim } from '../client/resources.ts';
import type { CloneStrategy } from './cdiSettings.ts';
import type { DataVolume } from './resources.ts';
import type { Source } from './sources.ts';

/** What CDI calls the steps of one kind of transfer (pkg/controller/datavolume, c07cdb6). */
export interface TransferTexts {
  scheduled: string;
  /** What the event says of it; absent where there is none. */
  scheduledMessage?: string;
  inProgress: string;
  /** Reasons of events; their messages name the claim. */
  started: { reason: string; message: string };
  succeeded: { reason: string; message: string };
  /** Reason of the event of a failure, where the condition Running does not give it. */
  failed?: { reason: string };
  complete: string;
}

/** The words for a transfer from `source` into the claim of a DataVolume. */
export function textsFor(
  source: Source,
  dataVolume: DataVolume,
  claim: Pick<PersistentVolumeClaim, 'metadata'>,
  strategy: CloneStrategy,
): TransferTexts {
  const { namespace = '', name } = claim.metadata;
  switch (source.kind) {
    case 'upload':
      return {
        scheduled: 'UploadScheduled',
        scheduledMessage: `Upload into ${name} scheduled`,
        inProgress: 'UploadReady',
        started: { reason: 'UploadReady', message: `Upload into ${name} ready` },
        succeeded: { reason: 'UploadSucceeded', message: `Successfully uploaded into ${name}` },
        complete: 'Upload Complete',
      };
    case 'clone':
    case 'waiting':
      return cloneTexts(source, dataVolume, `${namespace}/${name}`, strategy);
    case 'population':
      return populationTexts(name);
    case 'blank':
    case 'import':
      return importTexts(name);
  }
}

const importTexts = (name: string): TransferTexts => ({
  scheduled: 'ImportScheduled',
  scheduledMessage: `Import into ${name} scheduled`,
  inProgress: 'ImportInProgress',
  started: { reason: 'ImportInProgress', message: `Import into ${name} in progress` },
  succeeded: { reason: 'ImportSucceeded', message: `Successfully imported into PVC ${name}` },
  complete: 'Import Complete',
});

function populationTexts(name: string): TransferTexts {
  const { scheduledMessage: _ofAnImport, ...texts } = importTexts(name);
  return { ...texts, scheduled: 'Pending', complete: '' };
}

function cloneTexts(
  source: Source,
  dataVolume: DataVolume,
  target: string,
  strategy: CloneStrategy,
): TransferTexts {
  const from = source.kind === 'clone' ? source.from : undefined;
  const text = from ? `${from.namespace ?? ''}/${from.name}` : '';
  const ofSnapshot =
    source.kind === 'clone' ? source.of === 'snapshot' : Boolean(dataVolume.spec.source?.snapshot);
  // CDI names the source as what is made.
  const ways = {
    copy: ['CloneInProgress', `Cloning from ${text} into ${target} in progress`],
    snapshot: [
      'SnapshotForSmartCloneInProgress',
      `Creating snapshot for smart-clone is in progress (for pvc ${text})`,
    ],
    'csi-clone': ['CSICloneInProgress', `CSI Volume clone in progress (for pvc ${text})`],
  } as const;
  const [inProgress, message] = ofSnapshot
    ? [
        'CloneFromSnapshotSourceInProgress',
        `Creating PVC from snapshot source is in progress (for snapshot ${text})`,
      ]
    : ways[strategy];
  return {
    scheduled: 'CloneScheduled',
    ...(from && { scheduledMessage: `Cloning from ${text} into ${target} scheduled` }),
    inProgress,
    started: { reason: inProgress, message },
    succeeded: {
      reason: 'CloneSucceeded',
      message: `Successfully cloned from ${text} into ${target}`,
    },
    failed: { reason: 'CloneFailed' },
    complete: 'Clone Complete',
  };
}
