import { type Informer, keyText } from '../client/Informer.ts';
import type { EndpointSlice, Service } from '../client/resources.ts';
import { addressOf, insideAddress, userNetworkAddresses } from '../cni/pod-network/addresses.ts';
import { protocols } from '../cni/pod-network/ipv4.ts';
import type { Endpoint, ServiceTable } from '../cni/pod-network/ServiceFlows.ts';
import { readyEndpoints } from './readyEndpoints.ts';

interface Dependencies {
  services: Informer<Service>;
  /** With the index `service`. */
  endpointSlices: Informer<EndpointSlice>;
}

interface Ports {
  /** By protocol and port, as `portKey` writes them. */
  endpoints: Map<string, Endpoint[]>;
  sticky: boolean;
}

const portKey = (protocol: number, port: number) => `${protocol}:${port}`;
const protocolNumber = (name = 'TCP') => (name === 'UDP' ? protocols.udp : protocols.tcp);

/** The services as guests find them: by address and by name. */
export class ClusterServices implements ServiceTable {
  readonly #is: Dependencies;
  /** By address; undefined when something changed since. */
  #ports: Map<number, Ports> | undefined;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
    const forget = () => (this.#ports = undefined);
    dependencies.services.onChange(forget);
    dependencies.endpointSlices.onChange(forget);
  }

  find(address: number, protocol: number, port: number): ReturnType<ServiceTable['find']> {
    const found = (this.#ports ??= this.#read()).get(address);
    if (!found) return undefined;
    const endpoints = found.endpoints.get(portKey(protocol, port)) ?? [];
    return { endpoints, sticky: found.sticky };
  }

  /**
   * `SERVICE.NAMESPACE.svc.cluster.local`, of a headless service the addresses of its pods; with a label
   * before it that of the pod with this host name
   * (https://github.com/kubernetes/dns/blob/9ea0c9d/docs/specification.md).
   */
  resolve(name: string): readonly number[] | undefined {
    const labels = name.split('.').slice(0, -2);
    if (labels.pop() !== 'svc') return undefined;
    const namespace = labels.pop();
    const service = this.#is.services.get({ namespace, name: labels.pop() ?? '' });
    const host = labels.pop();
    if (!service || labels.length > 0) return undefined;
    if (service.spec.clusterIP === 'None') return this.#headless(service, host);
    const address = insideAddress(service.spec.clusterIP ?? '');
    return host === undefined && address !== undefined ? [address] : undefined;
  }

  #headless({ metadata }: Service, host: string | undefined): number[] | undefined {
    const addresses = this.#is.endpointSlices
      .byIndex('service', keyText(metadata))
      .flatMap((slice) =>
        slice.endpoints
          .filter(({ conditions }) => conditions?.ready !== false)
          .filter(({ hostname }) => host === undefined || hostname === host)
          .flatMap((endpoint) => endpoint.addresses.map(seenInside)),
      );
    return host !== undefined && addresses.length === 0 ? undefined : addresses;
  }

  #read(): Map<number, Ports> {
    const table = new Map<number, Ports>();
    for (const { metadata, spec, status } of this.#is.services.list()) {
      if (spec.type === 'ExternalName' || !spec.clusterIP || spec.clusterIP === 'None') continue;
      const slices = this.#is.endpointSlices.byIndex('service', keyText(metadata));
      const endpoints = new Map(
        (spec.ports ?? []).map((port) => [
          portKey(protocolNumber(port.protocol), port.port),
          readyEndpoints(slices, port).map((one) => ({
            address: seenInside(one.address),
            port: one.port,
          })),
        ]),
      );
      const balancers = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
      for (const text of [spec.clusterIP, ...balancers]) {
        const address = insideAddress(text);
        if (address !== undefined)
          table.set(address, { endpoints, sticky: spec.sessionAffinity === 'ClientIP' });
      }
    }
    return table;
  }
}

/** This machine's own addresses, where its API server listens, are behind the guest's gateway. */
function seenInside(address: string): number {
  const inside = insideAddress(address);
  if (inside !== undefined) return inside;
  return address.startsWith('127.') ? userNetworkAddresses.host : addressOf(address);
}
