import {
  type Finding,
  fromCondition,
  fromEvent,
  type Situation,
  type WhyFix,
  type WhyRule,
} from './Situation';
import { fromStatus } from './scheduling';

const disks: WhyFix = { kind: 'tab', tab: 'disks', label: 'Show disks' };
const quotas: WhyFix = {
  kind: 'command',
  command: 'kubectl describe resourcequotas --namespace {{namespace}}',
  label: 'Show quotas',
};
const classes: WhyFix = {
  kind: 'command',
  command: 'kubectl get storageclasses',
  label: 'Show storage classes',
};

/** A DataVolume whose import failed with a text like this (CDI pkg/importer, at v1.63). */
function failedImport(message: RegExp): (situation: Situation) => Finding | undefined {
  return ({ dataVolumes = [] }) => {
    for (const { name, failure } of dataVolumes) {
      if (failure !== '' && message.test(failure)) {
        return { reason: 'DataVolumeError', message: failure, values: { name } };
      }
    }
    return undefined;
  };
}

/** Sources: KubeVirt pkg/virt-controller/watch/vm/vm.go, pkg/storage; CDI pkg/controller; Kubernetes pv_controller.go. */
export const storageRules: readonly WhyRule[] = [
  {
    id: 'ioError',
    sentence: 'It was paused because one of its disks reported an error.',
    advice: 'Free space in the storage, then unpause it.',
    tone: 'danger',
    fix: { kind: 'action', action: 'unpause', label: 'Unpause' },
    find: (situation) => fromCondition(situation, 'Paused', 'True', { reason: /^PausedIOError$/ }),
  },
  {
    id: 'recovery',
    sentence: 'The move of its disks to other storage failed and left them in two places.',
    advice: 'Put the original volumes back into the virtual machine.',
    tone: 'danger',
    fix: disks,
    find: (situation) => fromCondition(situation, 'ManualRecoveryRequired', 'True'),
  },
  {
    id: 'storageQuota',
    sentence: 'The quota of the project leaves no room for its disks.',
    advice: 'Delete volumes that are not needed, or ask for a larger quota.',
    tone: 'danger',
    fix: quotas,
    find: (situation) => fromEvent(situation, ['ErrExceededQuota']),
  },
  {
    id: 'cloneNotAllowed',
    sentence: 'It may not copy its boot source out of the other project.',
    advice:
      'Ask for the right to create datavolumes/source in the project of the boot source, or use another boot source.',
    tone: 'danger',
    fix: disks,
    find: (situation) => fromEvent(situation, ['UnauthorizedDataVolumeCreate']),
  },
  {
    id: 'cloneSourceMissing',
    sentence: 'The volume that its disk is to be copied from is not there.',
    advice: 'Restore the source, or choose another one for the disk.',
    tone: 'danger',
    fix: disks,
    // KubeVirt's own spelling.
    find: (situation) => fromEvent(situation, ['SourcePVCNotAvailabe', 'SourcePVCNotAvailable']),
  },
  {
    id: 'importNotFound',
    sentence: 'The image of disk {{name}} is not at its address.',
    advice: 'Correct the address, then delete the DataVolume, and it is made again.',
    tone: 'danger',
    fix: disks,
    find: failedImport(/\b404\b|not found|manifest unknown|no such file/i),
  },
  {
    id: 'importDenied',
    sentence: 'The server of the image of disk {{name}} refuses access.',
    advice: 'Give the DataVolume a secret with the right credentials.',
    tone: 'danger',
    fix: disks,
    find: failedImport(/\b40[13]\b|unauthorized|forbidden|access denied/i),
  },
  {
    id: 'importCertificate',
    sentence: 'The certificate of the server of disk {{name}} is not trusted.',
    advice: 'Name a ConfigMap with the certificate of its authority in the DataVolume.',
    tone: 'danger',
    fix: disks,
    find: failedImport(/x509|certificate|\bSSL\b/i),
  },
  {
    id: 'importUnreachable',
    sentence: 'The server of the image of disk {{name}} cannot be reached.',
    advice: 'Check the address, and that the cluster may reach it. It is tried again by itself.',
    tone: 'danger',
    fix: disks,
    find: failedImport(
      // All failures of this source begin with "Unable to connect": what follows says more.
      /no such host|connection refused|timed? ?out|unreachable|ECONN|ENOTFOUND|EAI_AGAIN/i,
    ),
  },
  {
    id: 'importTooLarge',
    sentence: 'Disk {{name}} is too small for its image.',
    advice: 'Make the disk larger: delete it and create it again with the size of the image.',
    tone: 'danger',
    fix: disks,
    // The last one is all that CDI tells of the others (pkg/controller/util.go, c07cdb6).
    find: failedImport(
      /larger than|no space left|not large enough|insufficient space|too small to contain/i,
    ),
  },
  {
    id: 'importChecksum',
    sentence: 'The content of disk {{name}} does not match its checksum.',
    advice:
      'Correct the checksum or the address, then delete the DataVolume, and it is made again.',
    tone: 'danger',
    fix: disks,
    find: failedImport(/checksum mismatch/i),
  },
  {
    id: 'importFormat',
    sentence: 'The content of disk {{name}} is no disk image.',
    advice: 'Give the address of a qcow2, raw, vmdk, vdi or iso image, which may be compressed.',
    tone: 'danger',
    fix: disks,
    find: failedImport(
      /unsupported format|invalid (?:format|qcow2|image)|unknown format|backing file/i,
    ),
  },
  {
    id: 'classMissing',
    sentence: 'The storage class {{class}} of its volume does not exist.',
    advice: 'Create the class, or choose another one for the disk.',
    tone: 'danger',
    fix: classes,
    find: (situation) =>
      fromEvent(
        situation,
        ['ProvisioningFailed', 'ErrClaimNotValid'],
        /storageclass(?:\.storage\.k8s\.io)? "(?<class>[^"]+)" not found/,
      ),
  },
  {
    id: 'noDefaultClass',
    sentence: 'Its disk names no storage class, and the cluster has no default one.',
    advice: 'Name a storage class for the disk, or make one the default.',
    tone: 'danger',
    fix: classes,
    find: (situation) =>
      fromEvent(
        situation,
        ['FailedBinding', 'ErrClaimNotValid'],
        /no storage class is set|no storageClass to choose/i,
      ),
  },
  {
    id: 'noAccessMode',
    sentence: 'The storage class {{class}} does not say how its volumes may be used.',
    advice: 'Give the disk an access mode, choose another class, or set one in the StorageProfile.',
    tone: 'danger',
    fix: disks,
    find: (situation) =>
      fromEvent(
        situation,
        ['ErrClaimNotValid'],
        /(?:no accessMode specified in|cannot get access mode from) StorageProfile (?<class>\S+)/,
      ),
  },
  {
    id: 'provisioningFailed',
    sentence: 'The storage could not make the volume {{name}}.',
    advice: 'See the message; the storage tries again by itself.',
    tone: 'danger',
    fix: classes,
    find: (situation) => fromEvent(situation, ['ProvisioningFailed']),
  },
  {
    id: 'claimLost',
    sentence: 'The volume behind the claim {{name}} is gone.',
    advice: 'Restore the disk from a snapshot or a backup.',
    tone: 'danger',
    fix: { kind: 'tab', tab: 'snapshots', label: 'Show snapshots' },
    find: ({ claims = [] }) => {
      const lost = claims.find(({ phase }) => phase === 'Lost');
      return lost && { reason: 'Lost', message: '', values: { name: lost.name } };
    },
  },
  {
    id: 'multiAttach',
    sentence: 'A volume of it is still in use on another node.',
    advice:
      'Wait until it is released there; when that node is gone for good, mark it out of service.',
    tone: 'danger',
    fix: { kind: 'command', command: 'kubectl get nodes', label: 'Show nodes' },
    find: (situation) => fromEvent(situation, ['FailedAttachVolume'], /Multi-Attach/),
  },
  {
    id: 'secretMissing',
    sentence: 'The {{kind}} {{object}} that it uses does not exist.',
    advice: 'Create it, or remove what refers to it. It is tried again by itself.',
    tone: 'danger',
    fix: { kind: 'tab', tab: 'configuration', label: 'Edit access' },
    find: (situation) =>
      fromEvent(
        situation,
        ['FailedMount', 'SyncFailed', 'FailedCreate'],
        /(?<kind>secret|configmap)s? "(?<object>[^"]+)" not found/,
      ) ??
      fromCondition(situation, 'Synchronized', 'False', {
        message: /(?<kind>secret|configmap)s? "(?<object>[^"]+)" not found/,
      }),
  },
  {
    id: 'mountFailed',
    sentence: 'A volume could not be mounted on the node.',
    advice: 'See the message; the node tries again by itself.',
    tone: 'warning',
    fix: disks,
    find: (situation) =>
      fromEvent(situation, ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']),
  },
  {
    id: 'claimMissing',
    sentence: 'A volume claim that it uses does not exist.',
    advice: 'Create the missing volume claim, or remove the disk from the virtual machine.',
    tone: 'danger',
    fix: disks,
    find: (situation) =>
      fromCondition(situation, 'Synchronized', 'False', { reason: /^FailedPvcNotFound$/ }) ??
      fromStatus(situation, 'ErrorPvcNotFound'),
  },
  {
    id: 'dataVolume',
    sentence: 'One of its disks could not be made.',
    advice:
      'See the disk for the reason; once that is removed, delete the DataVolume and it is made again.',
    tone: 'danger',
    fix: disks,
    find: (situation) =>
      failedImport(/./)(situation) ??
      (fromStatus(situation, 'DataVolumeError') && {
        ...(fromCondition(situation, 'DataVolumesReady', 'False') ?? { message: '' }),
        reason: 'DataVolumeError',
      }),
  },
];
