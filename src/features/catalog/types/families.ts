import type { KubernetesObject } from '~/k8s/KubernetesObject';
import {
  apiVersion,
  clusterInstancetypes,
  clusterPreferences,
  type Model,
  projectInstancetypes,
  projectPreferences,
} from '~/k8s/models';
import { fieldGroups, type FormField } from '~/kubevirt/catalog/formFields';
import { instancetypeFields } from '~/kubevirt/catalog/instancetypeFields';
import { preferenceFields } from '~/kubevirt/catalog/preferenceFields';
import {
  type InstanceTypeRow,
  type PreferenceRow,
  toClusterInstanceType,
  toClusterPreference,
  toProjectInstanceType,
  toProjectPreference,
  type TypeRow,
} from '~/kubevirt/catalog/typeRows';

/** Instance types or preferences: two resources of the same kind of thing, for all and for a project. */
export interface TypeFamily<Row extends TypeRow> {
  /** The field of a VM that names one. */
  use: 'instancetype' | 'preference';
  cluster: Model;
  project: Model;
  toClusterRow: (object: KubernetesObject) => Row;
  toProjectRow: (object: KubernetesObject) => Row;
  fields: readonly FormField[];
  badge: string;
  /** What a new one begins with. */
  spec: object;
}

export const instancetypes: TypeFamily<InstanceTypeRow> = {
  use: 'instancetype',
  cluster: clusterInstancetypes,
  project: projectInstancetypes,
  toClusterRow: toClusterInstanceType,
  toProjectRow: toProjectInstanceType,
  fields: instancetypeFields,
  badge: 'IT',
  spec: { cpu: { guest: 1 }, memory: { guest: '2Gi' } },
};

export const preferences: TypeFamily<PreferenceRow> = {
  use: 'preference',
  cluster: clusterPreferences,
  project: projectPreferences,
  toClusterRow: toClusterPreference,
  toProjectRow: toProjectPreference,
  fields: preferenceFields,
  badge: 'PR',
  spec: { devices: { preferredDiskBus: 'virtio', preferredInterfaceModel: 'virtio' } },
};

const projectField: FormField = {
  ...{ kind: 'project', path: ['metadata', 'namespace'], group: fieldGroups[0].id },
  ...{ label: 'Project', isRequired: true, isIdentity: true },
};

/** The fields of a form over objects of one of the two resources. */
export function fieldsOf<Row extends TypeRow>(
  { fields }: TypeFamily<Row>,
  model: Model,
): readonly FormField[] {
  const [name, ...others] = fields;
  return model.namespaced && name ? [name, projectField, ...others] : fields;
}

/** What a new object begins with. */
export function seedOf<Row extends TypeRow>(
  { spec }: TypeFamily<Row>,
  model: Model,
  namespace: string | undefined,
): KubernetesObject {
  const metadata = { name: '', ...(model.namespaced && { namespace: namespace ?? 'default' }) };
  const object = { apiVersion: apiVersion(model), kind: model.kind, metadata, spec };
  return object;
}
