import type {
  Endpoints,
  EndpointSlice,
  Ingress,
  IngressClass,
  NetworkPolicy,
} from '../../client/resources.ts';
import { labelSelectorText } from '../../client/labelSelector.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import { computedColumn } from '../printing/columns.ts';
import type { Admission, ResourceDefinition } from '../ResourceDefinition.ts';
import { builtin } from './builtin.ts';
import { networkPolicyAdmission } from './networkPolicyRules.ts';

/** As kubectl shortens a list: three, then how many more. */
const some = (items: readonly string[]) =>
  items.length > 3
    ? `${items.slice(0, 3).join(',')} + ${items.length - 3} more...`
    : items.join(',');

const unique = (items: readonly string[]) => [...new Set(items)];

const endpoints = builtin<Endpoints>({
  group: '',
  kind: 'Endpoints',
  plural: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  generation: false,
  columns: [
    computedColumn<Endpoints>('Endpoints', ({ subsets = [] }) =>
      some(
        subsets.flatMap(({ addresses = [], ports = [] }) =>
          addresses.flatMap(({ ip }) =>
            ports.length === 0 ? [ip] : ports.map(({ port }) => `${ip}:${port ?? ''}`),
          ),
        ),
      ),
    ),
    ageColumn,
  ],
});

const endpointSlice = builtin<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  columns: [
    computedColumn<EndpointSlice>('AddressType', ({ addressType }) => addressType),
    computedColumn<EndpointSlice>('Ports', ({ ports = [] }) =>
      some(ports.map(({ port }) => String(port ?? '*'))),
    ),
    computedColumn<EndpointSlice>('Endpoints', (slice) =>
      some(slice.endpoints.flatMap(({ addresses }) => addresses)),
    ),
    ageColumn,
  ],
});

/** Tells who writes an object that nothing here carries out. */
function kept(what: string): Admission {
  return {
    mutate(context) {
      if (context.operation === 'DELETE' || context.subresource !== '') return;
      context.warn(`${what} is kept but has no effect: this cluster has no controller for it`);
    },
  };
}

const networkPolicy = builtin<NetworkPolicy>({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  columns: [
    computedColumn<NetworkPolicy>('Pod-Selector', ({ spec }) =>
      labelSelectorText(spec.podSelector),
    ),
    ageColumn,
  ],
  admission: networkPolicyAdmission,
});

const ingress = builtin<Ingress>({
  group: 'networking.k8s.io',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  subresources: { status: true },
  columns: [
    computedColumn<Ingress>('Class', ({ spec }) => spec?.ingressClassName),
    computedColumn<Ingress>('Hosts', ({ spec }) => {
      const hosts = unique((spec?.rules ?? []).map(({ host }) => host ?? '*'));
      return hosts.length === 0 ? '*' : some(hosts);
    }),
    {
      name: 'Address',
      type: 'string',
      value: (object) =>
        ((object as Ingress).status?.loadBalancer?.ingress ?? [])
          .map(({ ip, hostname }) => ip ?? hostname ?? '')
          .join(','),
    },
    computedColumn<Ingress>('Ports', ({ spec }) => (spec?.tls?.length ? '80, 443' : '80')),
    ageColumn,
  ],
  admission: kept('Ingress'),
});

const ingressClass = builtin<IngressClass>({
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  columns: [
    computedColumn<IngressClass>('Controller', ({ spec }) => spec?.controller),
    computedColumn<IngressClass>('Parameters', ({ spec }) => {
      const { apiGroup, kind = '', name = '' } = spec?.parameters ?? {};
      return kind === '' ? undefined : `${apiGroup ? `${kind}.${apiGroup}` : kind}/${name}`;
    }),
    ageColumn,
  ],
  admission: kept('IngressClass'),
});

/** How services are reached. */
export const networkResources: readonly ResourceDefinition[] = [
  endpoints,
  endpointSlice,
  networkPolicy,
  ingress,
  ingressClass,
];
