import { controllerReference } from '../client/controllerReference.ts';
import type { Informer } from '../client/Informer.ts';
import type { Draft } from '../client/KubeClient.ts';
import type { PersistentVolumeClaim, StorageClass } from '../client/resources.ts';
import { parseQuantity } from '../quantity.ts';
import { honorsFirstConsumer, overheadOf, preallocates } from './cdiSettings.ts';
import type { CdiConfig, DataVolume, StorageProfile } from './resources.ts';
import { sourceAnnotations } from './sourceAnnotations.ts';

const prefix = 'cdi.kubevirt.io/storage.';

/** CDI's annotations of claims and DataVolumes (pkg/controller/common/util.go, c07cdb6). */
export const annotations = {
  podPhase: `${prefix}pod.phase`,
  podReady: `${prefix}pod.ready`,
  podSchedulable: `${prefix}pod.schedulable`,
  progress: `${prefix}populator.progress`,
  contentType: `${prefix}contentType`,
  bound: `${prefix}condition.bound`,
  boundReason: `${prefix}condition.bound.reason`,
  boundMessage: `${prefix}condition.bound.message`,
  running: `${prefix}condition.running`,
  runningReason: `${prefix}condition.running.reason`,
  runningMessage: `${prefix}condition.running.message`,
  fatalError: `${prefix}import.fatalError`,
  importPod: `${prefix}import.importPodName`,
  uploadPod: `${prefix}uploadPodName`,
  podRestarts: `${prefix}pod.restarts`,
  podRetained: `${prefix}pod.retainAfterCompletion`,
  priority: `${prefix}pod.priorityclassname`,
  populatorKind: `${prefix}populator.kind`,
  pvcPrime: `${prefix}populator.pvcPrime`,
  preallocationRequested: `${prefix}preallocation.requested`,
  /** It was done. */
  preallocation: `${prefix}preallocation`,
  createdForDataVolume: 'cdi.kubevirt.io/createdForDataVolume',
  prePopulated: `${prefix}prePopulated`,
  bindImmediately: `${prefix}bind.immediate.requested`,
  uploadTarget: `${prefix}upload.target`,
  cloneType: 'cdi.kubevirt.io/cloneType',
} as const;

const defaultVirtClass = 'storageclass.kubevirt.io/is-default-virt-class';
const defaultClass = 'storageclass.kubernetes.io/is-default-class';

/** Of all that CDI's controllers make (pkg/util, SetRecommendedLabels, c07cdb6). */
export const componentLabels = {
  'app.kubernetes.io/component': 'storage',
  'app.kubernetes.io/managed-by': 'cdi-controller',
} as const;

/** Is the claim filled? */
export function hasSucceeded(claim: PersistentVolumeClaim): boolean {
  return claim.metadata.annotations?.[annotations.podPhase] === 'Succeeded';
}

/** Is nobody about to write into the claim? CDI is, into those of its that it has not finished. */
export const isFilled = (claim: PersistentVolumeClaim): boolean =>
  claim.metadata.annotations?.[annotations.contentType] === undefined || hasSucceeded(claim);

/** Has the filling of the claim failed for good? */
export const hasFailed = ({ metadata }: PersistentVolumeClaim): boolean =>
  metadata.annotations?.[annotations.fatalError] === 'true';

const sectorBytes = 512;

/** The size of the disk of a claim, of which a file system takes the share `overhead`. */
export function diskBytes(
  { spec, status }: Pick<PersistentVolumeClaim, 'spec' | 'status'>,
  overhead: number,
): number {
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
      metadata: claimMetadata(dataVolume, {
        volumeMode,
        honorsConsumer: honorsFirstConsumer(cdiConfigs),
        preallocates: preallocates(cdiConfigs),
      }),
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

/** Labels and annotations as CDI writes them (pkg/controller/datavolume/controller-base.go, c07cdb6). */
function claimMetadata(
  { metadata, spec }: DataVolume,
  how: { volumeMode: string; honorsConsumer: boolean; preallocates: boolean },
): Draft<PersistentVolumeClaim>['metadata'] {
  const preallocation = spec.preallocation ?? how.preallocates;
  return {
    name: metadata.name,
    ...(metadata.namespace && { namespace: metadata.namespace }),
    labels: {
      app: 'containerized-data-importer',
      // A disk fills its file system, which is no reason to alarm anyone.
      ...(how.volumeMode === 'Filesystem' && {
        'alerts.k8s.io/KubePersistentVolumeFillingUp': 'disabled',
      }),
      ...metadata.labels,
      ...componentLabels,
    },
    annotations: {
      ...metadata.annotations,
      ...(!how.honorsConsumer && { [annotations.bindImmediately]: '' }),
      [annotations.contentType]: spec.contentType ?? 'kubevirt',
      [annotations.podRestarts]: '0',
      [annotations.preallocationRequested]: String(preallocation),
      [annotations.createdForDataVolume]: metadata.uid,
      ...(spec.priorityClassName && { [annotations.priority]: spec.priorityClassName }),
      ...sourceAnnotations(spec.source),
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
