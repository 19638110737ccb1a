import { hasReason } from '../../apiserver/ApiError.ts';
import { ignoreGone } from '../../client/ignoreGone.ts';
import type { Informer } from '../../client/Informer.ts';
import type { Draft, KubeClient, ObjectKey } from '../../client/KubeClient.ts';
import { type Endpoints, endpoints, type Pod, type Service } from '../../client/resources.ts';
import { byPorts, type PodEndpoint, serviceEndpoints } from './serviceEndpoints.ts';

interface Dependencies {
  client: KubeClient;
  services: Informer<Service>;
  pods: Informer<Pod>;
  endpoints: Informer<Endpoints>;
}

/** Kubernetes: LabelManagedBy of pkg/controller/endpoint (v1.33). */
const managedBy = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };

/** Writes the older form of a service's endpoints, of the same name as the service. */
export class EndpointsController {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const { client } = this.#is;
    const service = this.#is.services.get(key);
    const known = this.#is.endpoints.get(key);
    if (!service) {
      if (known) await ignoreGone(client.delete(endpoints, key));
      return;
    }
    const found = serviceEndpoints(service, this.#is.pods.list(key.namespace));
    if (!found) return;
    const wanted = endpointsObject(service, found);
    if (known) {
      if (JSON.stringify(known.subsets) === JSON.stringify(wanted.subsets)) return;
      const metadata = { ...known.metadata, ...wanted.metadata };
      const next: Endpoints = { ...wanted, metadata };
      await ignoreGone(client.update(endpoints, next));
      return;
    }
    try {
      await client.create(endpoints, wanted);
    } catch (error) {
      // It was made a moment ago: this comes again with its arrival.
      if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'NotFound')) throw error;
    }
  }
}

function endpointsObject(service: Service, found: readonly PodEndpoint[]): Draft<Endpoints> {
  const { name, namespace, labels } = service.metadata;
  const subsets = byPorts(found.filter(({ terminating }) => !terminating)).map((group) => {
    const addresses = (ready: boolean) =>
      group.endpoints
        .filter((endpoint) => endpoint.ready === ready)
        .map(({ address, nodeName, pod }) => ({
          ip: address,
          ...(nodeName !== undefined && { nodeName }),
          targetRef: pod,
        }));
    const [ready, notReady] = [addresses(true), addresses(false)];
    return {
      ...(ready.length > 0 && { addresses: ready }),
      ...(notReady.length > 0 && { notReadyAddresses: notReady }),
      ports: group.ports.map(({ name: port, ...rest }) => ({
        ...(port && { name: port }),
        ...rest,
      })),
    };
  });
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: {
        ...labels,
        ...managedBy,
        ...(service.spec.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
      },
    },
    ...(subsets.length > 0 && { subsets }),
  };
}
