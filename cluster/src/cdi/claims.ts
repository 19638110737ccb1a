import { controllerReference } from '../client/controllerReference.ts';
import type { Informer } from '../client/Informer.ts';
import type { Draft } from '../client/KubeClient.ts';
import type { PersistentVolumeClaim, StorageClass } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { honorsFirstConsumer, overheadOf } from './cdiSettings.ts';
import type { CdiConfig, DataVolume, StorageProfile } from './resources.ts';

const prefix = 'cdi.kubevirt.io/storage.';

/** CDI's annotations of claims and DataVolumes (pkg/controller/common/util.go, c07cdb6). */
export const annotations = {
  podPhase: `${prefix}pod.phase`,
  progress: `${prefix}populator.progress`,
  contentType: `${prefix}contentType`,
  running: `${prefix}condition.running`,
  runningReason: `${prefix}condition.running.reason`,
  runningMessage: `${prefix}condition.running.message`,
  podRestarts: `${prefix}pod.restarts`,
  podRetained: `${prefix}pod.retainAfterCompletion`,
  priority: 'cdi.kubevirt.io/priorityClassName',
  populatorKind: `${prefix}populator.kind`,
  pvcPrime: `${prefix}populator.pvcPrime`,
  preallocation: `${prefix}preallocation`,
  prePopulated: `${prefix}prePopulated`,
  bindImmediately: `${prefix}bind.immediate.requested`,
  uploadTarget: `${prefix}upload.target`,
  cloneType: 'cdi.kubevirt.io/cloneType',
} as const;

const defaultVirtClass = 'storageclass.kubevirt.io/is-default-virt-class';
const defaultClass = 'storageclass.kubernetes.io/is-default-class';

/** Is the claim filled? */
export function hasSucceeded(claim: PersistentVolumeClaim): boolean {
  return claim.metadata.annotations?.[annotations.podPhase] === 'Succeeded';
}

/** Is nobody about to write into the claim? CDI is, into those of its that it has not finished. */
export const isFilled = (claim: PersistentVolumeClaim): boolean =>
  claim.metadata.annotations?.[annotations.contentType] === undefined || hasSucceeded(claim);

const sectorBytes = 512;

/** The size of the disk of a claim, of which a file system takes the share `overhead`. */
export function diskBytes({ spec, status }: PersistentVolumeClaim, overhead: number): number {
  const room = status?.capacity?.['storage'] ?? spec.resources?.requests?.['storage'] ?? '';
  const bytes = parseQuantity(room) ?? 0;
  return overhead === 0 ? bytes : Math.floor((bytes * (1 - overhead)) / sectorBytes) * sectorBytes;
}

interface Storage {
  cdiConfigs: Informer<CdiConfig>;
  classes: Informer<StorageClass>;
  storageProfiles: Informer<StorageProfile>;
}

/** The class that the disks of VMs get unless they name one. */
export function defaultClassOf(classes: Informer<StorageClass>): StorageClass | undefined {
  const marked = (annotation: string) =>
    classes.list().find(({ metadata }) => metadata.annotations?.[annotation] === 'true');
  return marked(defaultVirtClass) ?? marked(defaultClass);
}

type Wanted = {
  claim?: Draft<PersistentVolumeClaim> | undefined;
};

/**
 * The claim of a DataVolume. What its `storage` leaves open comes from the StorageProfile of its class; the
 * size of a clone that names none is that of its source (`sourceSize`). No claim while the size is not
 * known; refused when the class does not say how it may be used.
 */
export function claimOf(
  dataVolume: DataVolume,
  sourceSize: string | undefined,
  { classes, storageProfiles, cdiConfigs }: Storage,
): Wanted | { refused: { reason: string; message: string } } {
  const { storage, pvc } = dataVolume.spec;
  const wanted = storage ?? pvc;
  const size = sizeIn(wanted?.resources?.requests) ?? sourceSize;
  if (!size) return {};
  const className = wanted?.storageClassName ?? defaultClassOf(classes)?.metadata.name;
  const profile = storageProfiles.get({ name: className ?? '' })?.status?.claimPropertySets;
  const fitting = profile?.find(
    ({ volumeMode }) => !wanted?.volumeMode || volumeMode === wanted.volumeMode,
  );
  const modes = wanted?.accessModes ?? fitting?.accessModes;
  if (!modes?.length) {
    const message = className
      ? `no accessMode specified in StorageProfile ${className}`
      : 'DataVolume.storage spec is missing accessMode and no storageClass to choose profile';
    return { refused: { reason: 'ErrClaimNotValid', message } };
  }
  const mode = wanted?.volumeMode ?? (storage ? fitting?.volumeMode : undefined) ?? 'Filesystem';
  const volumeMode = mode === 'Block' ? 'Block' : 'Filesystem';
  const place = { volumeMode, ...(className && { storageClassName: className }) } as const;
  const overhead = overheadOf(cdiConfigs, place);
  return {
    claim: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: claimMetadata(dataVolume, honorsFirstConsumer(cdiConfigs)),
      spec: {
        accessModes: modes,
        resources: { requests: { storage: storage ? inflated(size, overhead) : size } },
        volumeMode,
        ...(wanted?.dataSource && { dataSource: wanted.dataSource }),
        ...(wanted?.dataSourceRef && { dataSourceRef: wanted.dataSourceRef }),
        // Empty: of no class.
        ...(className !== undefined && { storageClassName: className }),
      },
    },
  };
}

/** The room that a disk of that size needs with what its file system takes. */
function inflated(size: string, overhead: number): string {
  const bytes = parseQuantity(size);
  return overhead === 0 || bytes === undefined ? size : String(Math.ceil(bytes / (1 - overhead)));
}

function claimMetadata(
  { metadata, spec }: DataVolume,
  honorsConsumer: boolean,
): Draft<PersistentVolumeClaim>['metadata'] {
  return {
    name: metadata.name,
    ...(metadata.namespace && { namespace: metadata.namespace }),
    labels: { app: 'containerized-data-importer', ...metadata.labels },
    annotations: {
      ...metadata.annotations,
      ...(!honorsConsumer && { [annotations.bindImmediately]: '' }),
      [annotations.contentType]: spec.contentType ?? 'kubevirt',
      ...(spec.preallocation && { [annotations.preallocation]: 'true' }),
      ...(spec.priorityClassName && { [annotations.priority]: spec.priorityClassName }),
      ...(spec.source?.upload && { [annotations.uploadTarget]: '' }),
    },
    ownerReferences: [controllerReference('cdi.kubevirt.io/v1beta1', 'DataVolume', metadata)],
  };
}

/** The generated types know nothing of the keys of `requests`. */
function sizeIn(requests: object | undefined): string | undefined {
  const entry: unknown =
    requests && Object.entries(requests).find(([key]) => key === 'storage')?.[1];
  return typeof entry === 'string' || typeof entry === 'number' ? String(entry) : undefined;
}
