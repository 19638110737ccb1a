import { customResource } from '../apiserver/customResource.ts';
import { textColumn } from '../apiserver/printing/columns.ts';
import { refuseWrites } from '../apiserver/refuseWrites.ts';
import type { ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { kubeVirtVersions } from './definitions.ts';

type Listed = Pick<
  ResourceDefinition,
  'group' | 'versions' | 'kind' | 'shortNames' | 'columns' | 'subresources' | 'namespaced'
> & { model?: string; missing: string };

const sourceColumns = [
  textColumn('SourceKind', '.spec.source.kind'),
  textColumn('SourceName', '.spec.source.name'),
];

const noBackups = 'this cluster makes no backups yet';
const status = { status: true } as const;

const backups: readonly Listed[] = [
  {
    group: 'backup.kubevirt.io',
    versions: [{ name: 'v1alpha1' }],
    kind: 'VirtualMachineBackup',
    shortNames: ['vmbackup', 'vmbackups'],
    namespaced: true,
    subresources: status,
    columns: [
      ...sourceColumns,
      textColumn('Type', '.status.type'),
      textColumn('CheckpointName', '.status.checkpointName'),
    ],
    model: 'io.kubevirt.v1alpha1.VirtualMachineBackup',
    missing: noBackups,
  },
  {
    group: 'backup.kubevirt.io',
    versions: [{ name: 'v1alpha1' }],
    kind: 'VirtualMachineBackupTracker',
    shortNames: ['vmbackuptracker', 'vmbackuptrackers'],
    namespaced: true,
    subresources: status,
    columns: [
      ...sourceColumns,
      textColumn('LatestCheckpoint', '.status.latestCheckpoint.name'),
      { name: 'CheckpointTime', type: 'date', value: '.status.latestCheckpoint.creationTime' },
    ],
    missing: noBackups,
  },
];

const groups: readonly Listed[] = [
  {
    group: 'kubevirt.io',
    versions: kubeVirtVersions,
    kind: 'VirtualMachineInstancePreset',
    shortNames: ['vmipreset', 'vmipresets'],
    namespaced: true,
    model: 'io.kubevirt.v1.VirtualMachineInstancePreset',
    missing: 'presets are deprecated; use instance types and preferences',
  },
  {
    group: 'plugin.kubevirt.io',
    versions: [{ name: 'v1alpha1' }],
    kind: 'Plugin',
    namespaced: false,
    missing: 'virt-launcher has no plugins here',
  },
];

/** Resources of KubeVirt that have no controller here: they can be listed, and writes answer 501. */
export const listedDefinitions: readonly ResourceDefinition[] = [...backups, ...groups].map(
  ({ missing, model, ...listed }) => {
    const singular = listed.kind.toLowerCase();
    const plural = `${singular}s`;
    const definition = {
      ...listed,
      plural,
      ...(listed.namespaced && { categories: ['all'] }),
      admission: refuseWrites(`${plural}.${listed.group}`, missing),
    };
    return model === undefined
      ? { ...definition, singular }
      : customResource({ ...definition, model });
  },
);
