import type { KubeObject } from '../../client/KubeClient.ts';
import type { Service } from '../../client/resources.ts';
import { ageColumn } from '../printing/ageColumn.ts';
import { builtin } from './builtin.ts';

/** Services; `withServiceAddresses` gives them their rules, addresses and ports. */
export const serviceResource = builtin<Service>({
  group: '',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  nameRule: 'dns1035',
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
});

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
