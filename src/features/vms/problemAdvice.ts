import type { ProblemKind } from '~/kubevirt/vmProblem';

/** What to do about a problem, as a sentence. */
export function problemAdvice(t: (key: string) => string, kind: ProblemKind): string {
  switch (kind) {
    case 'unschedulable':
      return t(
        'No node can take it. Free capacity by stopping another virtual machine, or give this one less CPU or memory.',
      );
    case 'claimMissing':
      return t('Create the missing volume claim, or remove the disk from the virtual machine.');
    case 'imagePull':
      return t('Check the name of the image, and that the cluster can reach its registry.');
    case 'dataVolume':
      return t(
        'A disk could not be made. See the disk for the reason; once that is removed, delete the DataVolume and it is made again.',
      );
    case 'crashLoop':
      return t(
        'It ends soon after each start and is started again after a pause. See the events and the console for why, or stop it.',
      );
    case 'ioError':
      return t(
        'It was paused because of a disk error. Free space in the storage, then unpause it.',
      );
    case 'recovery':
      return t(
        'A volume migration failed. Put the original volumes back into the virtual machine.',
      );
    case 'failure':
      return t('The cluster tries again by itself. If the message stays, correct what it names.');
  }
}
