import type { EndpointPort, ObjectReference, Pod, Service } from '../../client/resources.ts';

/** Label of an EndpointSlice with the name of its service. */
export const serviceNameLabel = 'kubernetes.io/service-name';

/** A pod that serves, with the numbers that the service's ports have in it. */
export interface PodEndpoint {
  address: string;
  nodeName: string | undefined;
  /** Its name in the domain of the service: that of a pod whose subdomain is the service. */
  hostname: string | undefined;
  pod: ObjectReference;
  ready: boolean;
  serving: boolean;
  terminating: boolean;
  ports: EndpointPort[];
}

/**
 * The pods behind a service in the order of their addresses; undefined when it has no selector and its
 * endpoints are somebody else's. Kubernetes: pkg/controller/endpoint and staging/src/k8s.io/endpointslice, v1.33.
 */
export function serviceEndpoints(
  service: Service,
  pods: readonly Pod[],
): PodEndpoint[] | undefined {
  const { selector, type, publishNotReadyAddresses = false } = service.spec;
  if (selector === undefined || type === 'ExternalName') return undefined;
  return pods
    .filter((pod) => selects(service, pod))
    .flatMap((pod) => podEndpoint(pod, service, publishNotReadyAddresses))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** Does the service's selector match the pod? */
export function selects({ spec }: Service, pod: Pod): boolean {
  const labels = pod.metadata.labels ?? {};
  return Object.entries(spec.selector ?? {}).every(([key, value]) => labels[key] === value);
}

function podEndpoint(pod: Pod, service: Service, publishNotReady: boolean): PodEndpoint[] {
  const { metadata, status } = pod;
  const { phase, podIP } = status ?? {};
  if (!podIP || phase === 'Succeeded' || phase === 'Failed') return [];
  const serving = (status?.conditions ?? []).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
  const terminating = metadata.deletionTimestamp !== undefined;
  return [
    {
      address: podIP,
      nodeName: pod.spec.nodeName,
      hostname: pod.spec.subdomain === service.metadata.name ? pod.spec.hostname : undefined,
      pod: {
        kind: 'Pod',
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
        name: metadata.name,
        uid: metadata.uid,
      },
      ready: publishNotReady || (serving && !terminating),
      serving: publishNotReady || serving,
      terminating,
      ports: portsIn(pod, service),
    },
  ];
}

function portsIn(pod: Pod, { spec }: Service): EndpointPort[] {
  return (spec.ports ?? []).flatMap(({ name = '', protocol = 'TCP', port, targetPort }) => {
    const number = typeof targetPort === 'string' ? named(pod, targetPort, protocol) : targetPort;
    // A pod without a port of that name does not serve it.
    if (typeof targetPort === 'string' && number === undefined) return [];
    return [{ name, protocol, port: number ?? port }];
  });
}

function named(pod: Pod, name: string, protocol: string): number | undefined {
  return pod.spec.containers
    .flatMap(({ ports = [] }) => ports)
    .find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort;
}

/** Endpoints by the ports that they share: pods may have other numbers under the same name. */
export function byPorts(
  endpoints: readonly PodEndpoint[],
): { ports: EndpointPort[]; endpoints: PodEndpoint[] }[] {
  const groups = new Map<string, { ports: EndpointPort[]; endpoints: PodEndpoint[] }>();
  for (const endpoint of endpoints) {
    const key = JSON.stringify(endpoint.ports);
    const group = groups.get(key) ?? { ports: endpoint.ports, endpoints: [] };
    group.endpoints.push(endpoint);
    groups.set(key, group);
  }
  return [...groups.values()];
}
