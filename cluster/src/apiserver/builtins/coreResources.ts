import type {
  ConfigMap,
  LimitRange,
  Namespace,
  ResourceQuota,
  Secret,
} from '../../client/resources.ts';
import { forbidden } from '../ApiError.ts';
import type { ResourceDefinition } from '../ResourceDefinition.ts';
import { completeLimitRange } from '../limits/limitRangeDefaults.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import { computedColumn } from '../printing/columns.ts';
import { builtin } from './builtin.ts';
import { requireBase64, validateConfigMap, validateSecret } from './dataRules.ts';
import { nodeResource } from './nodeResource.ts';
import { podResource } from './podResource.ts';
import { serviceResource } from './serviceResource.ts';
import { persistentVolumeClaimResource, persistentVolumeResource } from './storageResources.ts';

const systemNamespaces = new Set(['default', 'kube-system', 'kube-public']);

const namespaceResource = builtin<Namespace>({
  group: '',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  nameRule: 'label',
  generation: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: { status: true },
  selectableFields: ['status.phase'],
  finalizersPath: ['spec', 'finalizers'],
  columns: [{ name: 'Status', type: 'string', value: '.status.phase' }, ageColumn],
  admission: {
    mutate({ operation, object }) {
      if (operation !== 'CREATE') return;
      object.spec = { finalizers: ['kubernetes'] };
      object.status = { phase: 'Active' };
      const { name, labels } = object.metadata;
      object.metadata.labels = { ...labels, 'kubernetes.io/metadata.name': name };
    },
    validate({ operation, name }) {
      if (operation === 'DELETE' && systemNamespaces.has(name)) {
        throw forbidden(
          { group: '', plural: 'namespaces' },
          name,
          'this namespace may not be deleted',
        );
      }
    },
  },
  markDeleted(namespace) {
    namespace.status = { ...namespace.status, phase: 'Terminating' };
  },
});

const configMapResource = builtin<ConfigMap>({
  group: '',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  generation: false,
  columns: [
    {
      name: 'Data',
      type: 'integer',
      value: (object) => {
        const { data, binaryData } = object as ConfigMap;
        return Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
      },
    },
    ageColumn,
  ],
  admission: { validate: validateConfigMap },
});

const secretResource = builtin<Secret & { stringData?: Record<string, string> }>({
  group: '',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  generation: false,
  selectableFields: ['type'],
  columns: [
    { name: 'Type', type: 'string', value: '.type' },
    {
      name: 'Data',
      type: 'integer',
      value: (object) => Object.keys((object as Secret).data ?? {}).length,
    },
    ageColumn,
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation === 'DELETE') return;
      requireBase64('Secret', object.data ?? {});
      object.type ??= 'Opaque';
      // stringData is for writing only: its values end up in data.
      for (const [key, value] of Object.entries(object.stringData ?? {})) {
        object.data = { ...object.data, [key]: Buffer.from(value).toString('base64') };
      }
      delete object.stringData;
    },
    validate: validateSecret,
  },
});

const serviceAccountResource = builtin({
  group: '',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  generation: false,
  columns: [ageColumn],
});

const resourceQuotaResource = builtin<ResourceQuota>({
  group: '',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  generation: false,
  subresources: { status: true },
  columns: [
    computedColumn<ResourceQuota>('Request', (quota) => usedText(quota, (name) => !isLimit(name))),
    computedColumn<ResourceQuota>('Limit', (quota) => usedText(quota, isLimit)),
    ageColumn,
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation === 'CREATE') object.status = {};
    },
  },
});

const isLimit = (name: string) => name.startsWith('limits.');

/** `requests.cpu: 100m/2, pods: 1/5`, as kubectl lays it out. */
function usedText({ spec, status }: ResourceQuota, belongs: (name: string) => boolean): string {
  const { hard = spec?.hard ?? {}, used = {} } = status ?? {};
  return Object.keys(hard)
    .filter(belongs)
    .sort()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name] ?? ''}`)
    .join(', ');
}

const limitRangeResource = builtin<LimitRange>({
  group: '',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  generation: false,
  columns: [{ name: 'Created At', type: 'string', value: '.metadata.creationTimestamp' }],
  admission: {
    mutate({ operation, object }) {
      if (operation !== 'DELETE') completeLimitRange(object);
    },
  },
});

/** The core group, as far as nothing in it runs. */
export const coreResources: readonly ResourceDefinition[] = [
  namespaceResource,
  nodeResource,
  podResource,
  serviceResource,
  configMapResource,
  secretResource,
  serviceAccountResource,
  persistentVolumeClaimResource,
  persistentVolumeResource,
  resourceQuotaResource,
  limitRangeResource,
];
