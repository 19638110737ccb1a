import { ageColumn } from '../apiserver/printing/ageColumn.ts';
import { textColumn } from '../apiserver/printing/columns.ts';
import type { ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { convertHyperConverged } from './convertHyperConverged.ts';
import { hostPathProvisionerAdmission } from './hostPathProvisionerAdmission.ts';
import { hyperConvergedAdmission } from './hyperConvergedAdmission.ts';
import { networkAttachmentDefinition } from '../multus/definition.ts';
import {
  type HostPathProvisioner,
  type HyperConverged,
  hostPathProvisioners,
  hyperConvergeds,
} from './resources.ts';

const snapshotGroup = 'snapshot.storage.k8s.io';

const hyperConverged: ResourceDefinition<HyperConverged> = {
  group: hyperConvergeds.group,
  versions: [{ name: 'v1', storage: true }, { name: 'v1beta1' }],
  convert: (objects, apiVersion) =>
    Promise.resolve(objects.map((object) => convertHyperConverged(object, apiVersion))),
  kind: hyperConvergeds.kind,
  plural: hyperConvergeds.plural,
  singular: 'hyperconverged',
  shortNames: ['hco', 'hcos'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  columns: [ageColumn],
  admission: hyperConvergedAdmission,
};

const hostPathProvisioner: ResourceDefinition<HostPathProvisioner> = {
  group: hostPathProvisioners.group,
  versions: [{ name: 'v1beta1' }],
  kind: hostPathProvisioners.kind,
  plural: hostPathProvisioners.plural,
  singular: 'hostpathprovisioner',
  namespaced: false,
  admission: hostPathProvisionerAdmission,
};

/** external-snapshotter's kinds, which clients look for. */
const listed: readonly ResourceDefinition[] = [
  {
    group: snapshotGroup,
    versions: [{ name: 'v1' }],
    kind: 'VolumeSnapshot',
    plural: 'volumesnapshots',
    singular: 'volumesnapshot',
    shortNames: ['vs'],
    namespaced: true,
    subresources: { status: true },
    columns: [
      { name: 'ReadyToUse', type: 'boolean', value: '.status.readyToUse' },
      textColumn('SourcePVC', '.spec.source.persistentVolumeClaimName'),
      textColumn('SourceSnapshotContent', '.spec.source.volumeSnapshotContentName'),
      textColumn('RestoreSize', '.status.restoreSize'),
      textColumn('SnapshotClass', '.spec.volumeSnapshotClassName'),
      textColumn('SnapshotContent', '.status.boundVolumeSnapshotContentName'),
      { name: 'CreationTime', type: 'date', value: '.status.creationTime' },
      ageColumn,
    ],
  },
  {
    group: snapshotGroup,
    versions: [{ name: 'v1' }],
    kind: 'VolumeSnapshotClass',
    plural: 'volumesnapshotclasses',
    singular: 'volumesnapshotclass',
    shortNames: ['vsclass', 'vsclasses'],
    namespaced: false,
    columns: [
      textColumn('Driver', '.driver'),
      textColumn('DeletionPolicy', '.deletionPolicy'),
      ageColumn,
    ],
  },
  {
    group: snapshotGroup,
    versions: [{ name: 'v1' }],
    kind: 'VolumeSnapshotContent',
    plural: 'volumesnapshotcontents',
    singular: 'volumesnapshotcontent',
    shortNames: ['vsc', 'vscs'],
    namespaced: false,
    subresources: { status: true },
    columns: [
      { name: 'ReadyToUse', type: 'boolean', value: '.status.readyToUse' },
      { name: 'RestoreSize', type: 'integer', value: '.status.restoreSize' },
      textColumn('DeletionPolicy', '.spec.deletionPolicy'),
      textColumn('Driver', '.spec.driver'),
      textColumn('VolumeSnapshotClass', '.spec.volumeSnapshotClassName'),
      textColumn('VolumeSnapshot', '.spec.volumeSnapshotRef.name'),
      textColumn('VolumeSnapshotNamespace', '.spec.volumeSnapshotRef.namespace'),
      ageColumn,
    ],
  },
];

/** What comes with KubeVirt in a cluster: its operator's kinds, snapshots of volumes, networks. */
export const platformDefinitions: readonly ResourceDefinition[] = [
  hyperConverged,
  hostPathProvisioner,
  ...listed,
  networkAttachmentDefinition,
];
