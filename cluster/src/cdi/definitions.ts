import { customResource } from '../apiserver/customResource.ts';
import { ageColumn } from '../apiserver/printing/ageColumn.ts';
import { textColumn } from '../apiserver/printing/columns.ts';
import type { ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { dataVolumeAdmission } from './admission.ts';
import { refuseWrites } from '../apiserver/refuseWrites.ts';
import {
  cdiConfigs,
  cdis,
  dataSources,
  type DataVolume,
  dataVolumes,
  storageProfiles,
} from './resources.ts';

const common = {
  group: 'cdi.kubevirt.io',
  versions: [{ name: 'v1beta1' }],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
} as const;

const dataVolume = customResource<DataVolume>({
  ...common,
  kind: dataVolumes.kind,
  plural: dataVolumes.plural,
  shortNames: ['dv', 'dvs'],
  columns: [
    textColumn('Phase', '.status.phase'),
    textColumn('Progress', '.status.progress'),
    { name: 'Restarts', type: 'integer', value: '.status.restartCount' },
    ageColumn,
  ],
  model: 'io.kubevirt.cdi.v1beta1.DataVolume',
  admission: dataVolumeAdmission,
});

const dataSource = customResource({
  ...common,
  kind: dataSources.kind,
  plural: dataSources.plural,
  shortNames: ['das'],
  model: 'io.kubevirt.cdi.v1beta1.DataSource',
});

const cluster = { ...common, categories: [], namespaced: false } as const;

/** What CDI tells of itself and of the storage classes. */
const platformKinds: readonly ResourceDefinition[] = [
  customResource({
    ...cluster,
    kind: cdis.kind,
    plural: cdis.plural,
    shortNames: ['cdi', 'cdis'],
    columns: [ageColumn, textColumn('Phase', '.status.phase')],
    model: 'io.kubevirt.cdi.v1beta1.CDI',
  }),
  customResource({
    ...cluster,
    kind: cdiConfigs.kind,
    plural: cdiConfigs.plural,
    model: 'io.kubevirt.cdi.v1beta1.CDIConfig',
  }),
  {
    ...cluster,
    kind: storageProfiles.kind,
    plural: storageProfiles.plural,
    singular: 'storageprofile',
  },
];

const noPopulators = 'this cluster fills claims by DataVolumes, not by populators';

/** Kinds that have no controller here: they can be listed, and writes answer 501. */
const listedKinds: readonly ResourceDefinition[] = [
  customResource({
    ...common,
    kind: 'DataImportCron',
    plural: 'dataimportcrons',
    shortNames: ['dic', 'dics'],
    columns: [textColumn('Format', '.status.sourceFormat')],
    model: 'io.kubevirt.cdi.v1beta1.DataImportCron',
    admission: refuseWrites(
      'dataimportcrons.cdi.kubevirt.io',
      'this cluster makes its boot sources itself',
    ),
  }),
  ...['VolumeImportSource', 'VolumeUploadSource', 'VolumeCloneSource'].map((kind) => {
    const singular = kind.toLowerCase();
    const plural = `${singular}s`;
    const admission = refuseWrites(`${plural}.cdi.kubevirt.io`, noPopulators);
    return { ...common, categories: [], kind, plural, singular, admission };
  }),
  {
    ...cluster,
    kind: 'ObjectTransfer',
    plural: 'objecttransfers',
    singular: 'objecttransfer',
    admission: refuseWrites(
      'objecttransfers.cdi.kubevirt.io',
      'this cluster moves no objects between namespaces',
    ),
  },
];

/** The resources of cdi.kubevirt.io that this cluster has; names and columns are CDI's. */
export const cdiDefinitions: readonly ResourceDefinition[] = [
  dataVolume,
  dataSource,
  ...platformKinds,
  ...listedKinds,
];
