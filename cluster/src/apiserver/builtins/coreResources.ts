import type { ConfigMap, Event, Namespace, Secret, Service } from '../../client/resources.ts';
import type { KubeObject } from '../../client/KubeClient.ts';
import { forbidden } from '../ApiError.ts';
import type { ResourceDefinition } from '../ResourceDefinition.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import { nodeResource } from './nodeResource.ts';
import { podResource } from './podResource.ts';
import { persistentVolumeClaimResource, persistentVolumeResource } from './storageResources.ts';

const v1 = [{ name: 'v1' }] as const;
const builtin = { group: '', versions: v1, strategicMerge: true } as const;

const systemNamespaces = new Set(['default', 'kube-system', 'kube-public']);

const namespaceResource: ResourceDefinition<Namespace> = {
  ...builtin,
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
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
};

const serviceResource: ResourceDefinition<Service> = {
  ...builtin,
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  nameRule: 'label',
  generation: false,
  subresources: { status: true },
  selectableFields: ['spec.clusterIP', 'spec.type'],
  columns: [
    { name: 'Type', type: 'string', value: '.spec.type' },
    { name: 'Cluster-IP', type: 'string', value: serviceText((service) => service.spec.clusterIP) },
    { name: 'External-IP', type: 'string', value: serviceText(externalAddresses) },
    { name: 'Port(s)', type: 'string', value: serviceText(portsText) },
    ageColumn,
    { name: 'Selector', type: 'string', value: serviceText(selectorText), priority: 1 },
  ],
  admission: {
    mutate({ operation, object }) {
      if (operation === 'DELETE') return;
      object.spec.type ??= 'ClusterIP';
      for (const port of object.spec.ports ?? []) {
        port.protocol ??= 'TCP';
        port.targetPort ??= port.port;
      }
      if (operation === 'CREATE') object.status = { loadBalancer: {} };
    },
  },
};

function serviceText(text: (service: Service) => string | undefined) {
  return (object: KubeObject) => {
    const value = text(object as Service);
    return value === undefined || value === '' ? '<none>' : value;
  };
}

function externalAddresses({ spec, status }: Service): string | undefined {
  if (spec.type === 'ExternalName') return spec.externalName;
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname);
  const addresses = [...ingress, ...(spec.externalIPs ?? [])].join(',');
  return addresses === '' && spec.type === 'LoadBalancer' ? '<pending>' : addresses;
}

function portsText({ spec }: Service): string {
  return (spec.ports ?? [])
    .map(({ port, nodePort, protocol = 'TCP' }) =>
      nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
    )
    .join(',');
}

function selectorText({ spec }: Service): string {
  return Object.entries(spec.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

const configMapResource: ResourceDefinition<ConfigMap> = {
  ...builtin,
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
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
};

const secretResource: ResourceDefinition<Secret & { stringData?: Record<string, string> }> = {
  ...builtin,
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
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
      object.type ??= 'Opaque';
      // stringData is for writing only: its values end up in data.
      for (const [key, value] of Object.entries(object.stringData ?? {})) {
        object.data = { ...object.data, [key]: Buffer.from(value).toString('base64') };
      }
      delete object.stringData;
    },
  },
};

const serviceAccountResource: ResourceDefinition = {
  ...builtin,
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  namespaced: true,
  generation: false,
  columns: [ageColumn],
};

const eventResource: ResourceDefinition<Event> = {
  ...builtin,
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  generation: false,
  selectableFields: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  columns: [
    { name: 'Last Seen', type: 'date', value: '.lastTimestamp' },
    { name: 'Type', type: 'string', value: '.type' },
    { name: 'Reason', type: 'string', value: '.reason' },
    {
      name: 'Object',
      type: 'string',
      value: (object) => {
        const { kind = '', name = '' } = (object as Event).involvedObject;
        return `${kind.toLowerCase()}/${name}`;
      },
    },
    { name: 'Source', type: 'string', value: '.source.component', priority: 1 },
    { name: 'Message', type: 'string', value: '.message' },
    { name: 'First Seen', type: 'date', value: '.firstTimestamp', priority: 1 },
    { name: 'Count', type: 'string', value: '.count', priority: 1 },
  ],
};

const resourceQuotaResource: ResourceDefinition = {
  ...builtin,
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  namespaced: true,
  generation: false,
  subresources: { status: true },
  columns: [ageColumn],
};

const limitRangeResource: ResourceDefinition = {
  ...builtin,
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  namespaced: true,
  generation: false,
  columns: [{ name: 'Created At', type: 'string', value: '.metadata.creationTimestamp' }],
};

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
  eventResource,
  resourceQuotaResource,
  limitRangeResource,
];
