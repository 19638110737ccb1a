import { customResource } from '../apiserver/customResource.ts';
import { textColumn } from '../apiserver/printing/columns.ts';
import type { ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { cloneAdmission } from './virt-api/cloneAdmission.ts';
import { exportAdmission } from './virt-api/exportAdmission.ts';
import { restoreAdmission, snapshotAdmission } from './virt-api/snapshotAdmission.ts';
import { type VirtualMachineClone, vmClones } from './virt-controller/clone/resources.ts';
import { type VirtualMachineExport, vmExports } from './virt-controller/export/resources.ts';
import {
  type VirtualMachineRestore,
  type VirtualMachineSnapshot,
  vmRestores,
  vmSnapshotContents,
  vmSnapshots,
} from './virt-controller/snapshot/resources.ts';

const error = textColumn('Error', '.status.error.message');
const readyToUse = { name: 'ReadyToUse', type: 'boolean', value: '.status.readyToUse' } as const;
const date = (name: string, value: string) => ({ name, type: 'date', value }) as const;

const kept = {
  versions: [{ name: 'v1beta1', storage: true }, { name: 'v1alpha1' }],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
} as const;
const common = { ...kept, group: 'snapshot.kubevirt.io' } as const;

/** The kinds of snapshot.kubevirt.io, clone.kubevirt.io and export.kubevirt.io. */
export const snapshotDefinitions: readonly ResourceDefinition[] = [
  customResource<VirtualMachineSnapshot>({
    ...common,
    kind: vmSnapshots.kind,
    plural: vmSnapshots.plural,
    shortNames: ['vmsnapshot', 'vmsnapshots'],
    columns: [
      textColumn('SourceKind', '.spec.source.kind'),
      textColumn('SourceName', '.spec.source.name'),
      textColumn('Phase', '.status.phase'),
      readyToUse,
      date('CreationTime', '.status.creationTime'),
      error,
    ],
    model: 'io.kubevirt.v1beta1.VirtualMachineSnapshot',
    admission: snapshotAdmission,
  }),
  customResource({
    ...common,
    kind: vmSnapshotContents.kind,
    plural: vmSnapshotContents.plural,
    shortNames: ['vmsnapshotcontent', 'vmsnapshotcontents'],
    columns: [readyToUse, date('CreationTime', '.status.creationTime'), error],
    model: 'io.kubevirt.v1beta1.VirtualMachineSnapshotContent',
  }),
  customResource<VirtualMachineRestore>({
    ...common,
    kind: vmRestores.kind,
    plural: vmRestores.plural,
    shortNames: ['vmrestore', 'vmrestores'],
    columns: [
      textColumn('TargetKind', '.spec.target.kind'),
      textColumn('TargetName', '.spec.target.name'),
      { name: 'Complete', type: 'boolean', value: '.status.complete' },
      date('RestoreTime', '.status.restoreTime'),
      error,
    ],
    model: 'io.kubevirt.v1beta1.VirtualMachineRestore',
    admission: restoreAdmission,
  }),
  customResource<VirtualMachineClone>({
    ...kept,
    group: vmClones.group,
    kind: vmClones.kind,
    plural: vmClones.plural,
    shortNames: ['vmclone', 'vmclones'],
    columns: [
      textColumn('Phase', '.status.phase'),
      textColumn('SourceVirtualMachine', '.spec.source.name'),
      textColumn('TargetVirtualMachine', '.spec.target.name'),
    ],
    model: 'io.kubevirt.v1beta1.VirtualMachineClone',
    admission: cloneAdmission,
  }),
  customResource<VirtualMachineExport>({
    ...kept,
    group: vmExports.group,
    versions: [
      { name: 'v1', storage: true },
      {
        name: 'v1beta1',
        deprecationWarning: 'export.kubevirt.io/v1beta1 VirtualMachineExport is deprecated',
      },
    ],
    kind: vmExports.kind,
    plural: vmExports.plural,
    shortNames: ['vmexport', 'vmexports'],
    columns: [
      textColumn('SourceKind', '.spec.source.kind'),
      textColumn('SourceName', '.spec.source.name'),
      textColumn('Phase', '.status.phase'),
    ],
    model: 'io.kubevirt.v1beta1.VirtualMachineExport',
    admission: exportAdmission,
  }),
];
