import type { ResourceDefinition } from '../apiserver/ResourceDefinition.ts';
import { dataVolumeAdmission } from './admission.ts';
import type { ImageServer } from './ImageServer.ts';
import { dataSources, type DataVolume, dataVolumes } from './resources.ts';

/** The resources of cdi.kubevirt.io that this cluster has; names and columns are CDI's. */
export function cdiDefinitions(server: ImageServer): readonly ResourceDefinition[] {
  const dataVolume: ResourceDefinition<DataVolume> = {
    group: 'cdi.kubevirt.io',
    versions: [{ name: 'v1beta1' }],
    kind: dataVolumes.kind,
    plural: dataVolumes.plural,
    singular: 'datavolume',
    shortNames: ['dv', 'dvs'],
    categories: ['all'],
    namespaced: true,
    subresources: { status: true },
    columns: [
      { name: 'Phase', type: 'string', value: '.status.phase' },
      { name: 'Progress', type: 'string', value: '.status.progress' },
      { name: 'Restarts', type: 'integer', value: '.status.restartCount' },
      { name: 'Age', type: 'date', value: '.metadata.creationTimestamp' },
    ],
    admission: dataVolumeAdmission(server),
  };
  const dataSource: ResourceDefinition = {
    group: 'cdi.kubevirt.io',
    versions: [{ name: 'v1beta1' }],
    kind: dataSources.kind,
    plural: dataSources.plural,
    singular: 'datasource',
    shortNames: ['das'],
    categories: ['all'],
    namespaced: true,
    subresources: { status: true },
  };
  return [dataVolume, dataSource];
}
