import { customResource } from '../apiserver/customResource.ts';
import { ageColumn } from '../apiserver/printing/ageColumn.ts';
import { textColumn } from '../apiserver/printing/columns.ts';
import type { ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { dataVolumeAdmission } from './admission.ts';
import type { ImageServer } from './ImageServer.ts';
import { dataSources, type DataVolume, dataVolumes } from './resources.ts';

const common = {
  group: 'cdi.kubevirt.io',
  versions: [{ name: 'v1beta1' }],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
} as const;

/** The resources of cdi.kubevirt.io that this cluster has; names and columns are CDI's. */
export function cdiDefinitions(server: ImageServer): readonly ResourceDefinition[] {
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
    admission: dataVolumeAdmission(server),
  });
  const dataSource = customResource({
    ...common,
    kind: dataSources.kind,
    plural: dataSources.plural,
    shortNames: ['das'],
    model: 'io.kubevirt.cdi.v1beta1.DataSource',
  });
  return [dataVolume, dataSource];
}
