import { controllerReference } from '../../client/controllerReference.ts';
import { createHash } from 'node:crypto';

import { hasReason } from '../../apiserver/ApiError.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import { type Informer, keyText } from '../../client/Informer.ts';
import type { Draft, KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import {
  type EndpointSlice,
  endpointSlices,
  type Pod,
  type Service,
} from '../../client/resources.ts';
import {
  byPorts,
  type PodEndpoint,
  serviceEndpoints,
  serviceNameLabel,
} from './serviceEndpoints.ts';

interface Dependencies {
  client: KubeClient;
  services: Informer<Service>;
  pods: Informer<Pod>;
  /** With the index `service`. */
  endpointSlices: Informer<EndpointSlice>;
}

const managedBy = 'endpointslice.kubernetes.io/managed-by';
const self = 'endpointslice-controller.k8s.io';
/** kube-controller-manager's default of `--max-endpoints-per-slice`. */
const endpointsPerSlice = 100;

/** Writes which pods serve a service. Those that go with it are the garbage collector's. */
export class EndpointSliceController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const service = this.#is.services.get(key);
    if (!service || service.metadata.deletionTimestamp) return;
    const found = serviceEndpoints(service, this.#is.pods.list(key.namespace));
    const wanted = found ? slicesFor(service, found) : [];
    const existing = this.#is.endpointSlices
      .byIndex('service', keyText(key))
      .filter(({ metadata }) => metadata.labels?.[managedBy] === self);
    for (const slice of wanted) {
      const known = existing.find(({ metadata }) => metadata.name === slice.metadata.name);
      await this.#write(slice, known);
    }
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    for (const { metadata } of existing) {
      if (names.has(metadata.name)) continue;
      await ignoreGone(this.#is.client.delete(endpointSlices, metadata));
    }
  }

  async #write(slice: Draft<EndpointSlice>, known: EndpointSlice | undefined): Promise<void> {
    if (known) {
      if (contentOf(known) === contentOf(slice)) return;
      const metadata = { ...known.metadata, ...slice.metadata };
      await ignoreGone(this.#is.client.update(endpointSlices, { ...slice, metadata }));
      return;
    }
    try {
      await this.#is.client.create(endpointSlices, slice);
    } catch (error) {
      // It was made a moment ago: this comes again with its arrival.
      if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'NotFound')) throw error;
    }
  }
}

const contentOf = ({ endpoints, ports }: Pick<EndpointSlice, 'endpoints' | 'ports'>) =>
  JSON.stringify([endpoints, ports]);

/** One slice at least, so that one can see that nobody serves. Names follow from the service. */
function slicesFor(service: Service, endpoints: readonly PodEndpoint[]): Draft<EndpointSlice>[] {
  const groups = byPorts(endpoints);
  const chunks = groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.endpoints.length / endpointsPerSlice) }, (_, index) => ({
      ports: group.ports,
      endpoints: group.endpoints.slice(index * endpointsPerSlice, (index + 1) * endpointsPerSlice),
    })),
  );
  if (chunks.length === 0) chunks.push({ ports: [], endpoints: [] });
  const { name, uid, namespace } = service.metadata;
  return chunks.map((chunk, index) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${createHash('sha1').update(`${uid}/${index}`).digest('hex').slice(0, 5)}`,
      ...(namespace !== undefined && { namespace }),
      labels: {
        ...service.metadata.labels,
        [managedBy]: self,
        [serviceNameLabel]: name,
        ...(service.spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
      },
      ownerReferences: [controllerReference('v1', 'Service', service.metadata)],
    },
    addressType: 'IPv4',
    endpoints: chunk.endpoints.map(
      ({ address, hostname, nodeName, pod, ready, serving, terminating }) => ({
        addresses: [address],
        conditions: { ready, serving, terminating },
        ...(hostname !== undefined && { hostname }),
        ...(nodeName !== undefined && { nodeName }),
        targetRef: pod,
      }),
    ),
    ports: chunk.ports,
  }));
}
