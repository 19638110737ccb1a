import { customResource } from '../apiserver/customResource.ts';
import { ageColumn } from '../apiserver/printing/ageColumn.ts';
import { textColumn } from '../apiserver/printing/columns.ts';
import type { Admission, ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { dataVolumeAdmission } from './admission.ts';
import { dataImportCronAdmission } from './data-import-cron/dataImportCronAdmission.ts';
import { refuseWrites } from '../apiserver/refuseWrites.ts';
import type { ResourceRef } from '../client/KubeClient.ts';
import {
  cloneSourceAdmission,
  importSourceAdmission,
  uploadSourceAdmission,
} from './populators/populatorAdmission.ts';
import { storageProfileSchema } from './storageProfileSchema.ts';
import {
  volumeCloneSources,
  volumeImportSources,
  volumeUploadSources,
} from './populators/resources.ts';
import {
  cdiConfigs,
  cdis,
  type DataImportCron,
  dataImportCrons,
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

const dataImportCron = customResource<DataImportCron>({
  ...common,
  kind: dataImportCrons.kind,
  plural: dataImportCrons.plural,
  shortNames: ['dic', 'dics'],
  columns: [textColumn('Format', '.status.sourceFormat')],
  // CDI writes spec and status at once.
  subresources: {},
  model: 'io.kubevirt.cdi.v1beta1.DataImportCron',
  admission: dataImportCronAdmission,
});

const cluster = { ...common, categories: [], namespaced: false } as const;

/** What CDI tells of itself and of the storage classes. */
const platformKinds: readonly ResourceDefinition[] = [
  customResource({
    ...cluster,
    kind: cdis.kind,
    plural: cdis.plural,
    shortNames: ['cdi', 'cdis'],
    // Nor has it there.
    subresources: {},
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
    schema: storageProfileSchema,
  },
];

const populatorKinds: readonly ResourceDefinition[] = (
  [
    [volumeImportSources, importSourceAdmission],
    [volumeUploadSources, uploadSourceAdmission],
    [volumeCloneSources, cloneSourceAdmission],
  ] as [ResourceRef, Admission][]
).map(([{ kind, plural }, admission]) => {
  const singular = kind.toLowerCase();
  return { ...common, categories: [], subresources: {}, kind, plural, singular, admission };
});

/** Kinds that have no controller here: they can be listed, and writes answer 501. */
const listedKinds: readonly ResourceDefinition[] = [
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
  ...['Ovirt', 'Openstack'].map((source): ResourceDefinition => {
    const kind = `${source}VolumePopulator`;
    const group = 'forklift.cdi.kubevirt.io';
    const plural = `${kind.toLowerCase()}s`;
    return {
      ...{ group, kind, plural },
      versions: [{ name: 'v1beta1' }],
      singular: kind.toLowerCase(),
      namespaced: true,
      admission: refuseWrites(`${plural}.${group}`, 'nothing is migrated into this cluster'),
    };
  }),
];

/** The resources of cdi.kubevirt.io that this cluster has; names and columns are CDI's. */
export const cdiDefinitions: readonly ResourceDefinition[] = [
  dataVolume,
  dataSource,
  dataImportCron,
  ...populatorKinds,
  ...platformKinds,
  ...listedKinds,
];
