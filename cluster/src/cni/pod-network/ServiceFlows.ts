import { type Ipv4, protocols, type Rewrite } from './ipv4.ts';

/** Where a packet to a service is to go; an address as guests know it. */
export interface Endpoint {
  address: number;
  port: number;
}

/** What the network asks about services. */
export interface ServiceTable {
  /**
   * The ready endpoints behind a port of a service; undefined when no service has the address, empty when it has
   * none or not that port. With `sticky` a client is to stay with one of them.
   */
  find(
    address: number,
    protocol: number,
    port: number,
  ): { endpoints: readonly Endpoint[]; sticky: boolean } | undefined;
  /** Addresses that a name of the cluster's domain stands for; undefined when there is no such name. */
  resolve(name: string): readonly number[] | undefined;
}

interface Flow {
  endpoint: Endpoint;
  service: Endpoint;
}

/** Connections that are kept at most; then those go that were silent the longest. */
const mostFlows = 16_384;

/**
 * Which endpoint each connection to a service goes to, so that all its packets go there and the answers come
 * from the service, as kube-proxy leaves it to the kernel's connection tracking.
 */
export class ServiceFlows {
  readonly #table: ServiceTable;
  /** Both by client, in the order of their last packet. */
  readonly #forward = new Map<string, Flow>();
  readonly #back = new Map<string, Flow>();
  #next = 0;

  constructor(table: ServiceTable) {
    this.#table = table;
  }

  get isEmpty(): boolean {
    return this.#back.size === 0;
  }

  /**
   * How a packet of `client` to an address of a service is to be changed; undefined when the address is of none,
   * `rejected` when nothing answers there.
   */
  toEndpoint(client: number, packet: Ipv4): Rewrite | 'rejected' | undefined {
    const { protocol, destination, sourcePort, destinationPort } = packet;
    const key = `${client}:${sourcePort}/${protocol}/${destination}:${destinationPort}`;
    const known = this.#forward.get(key);
    const found = this.#table.find(destination, protocol, destinationPort);
    if (found === undefined) return undefined;
    const { endpoints, sticky } = found;
    const kept = known && endpoints.find((one) => isSame(one, known.endpoint));
    const turn = sticky ? client : this.#next++;
    const endpoint = kept ?? endpoints[turn % Math.max(1, endpoints.length)];
    if (!endpoint || (protocol !== protocols.tcp && protocol !== protocols.udp)) return 'rejected';
    const service = { address: destination, port: destinationPort };
    const flow = { endpoint, service };
    if (known && !kept) this.#back.delete(backKey(client, sourcePort, protocol, known.endpoint));
    touch(this.#forward, key, flow);
    touch(this.#back, backKey(client, sourcePort, protocol, endpoint), flow);
    return { destination: endpoint.address, destinationPort: endpoint.port };
  }

  /**
   * How a packet that comes to `client` from the endpoint with the address `source` is to be changed; undefined
   * when it is no answer.
   */
  fromService(client: number, source: number, packet: Ipv4): Rewrite | undefined {
    if (this.isEmpty) return undefined;
    const { protocol, sourcePort, destinationPort } = packet;
    const endpoint = { address: source, port: sourcePort };
    const flow = this.#back.get(backKey(client, destinationPort, protocol, endpoint));
    return flow && { source: flow.service.address, sourcePort: flow.service.port };
  }
}

const isSame = (one: Endpoint, other: Endpoint) =>
  one.address === other.address && one.port === other.port;

const backKey = (client: number, port: number, protocol: number, endpoint: Endpoint) =>
  `${client}:${port}/${protocol}/${endpoint.address}:${endpoint.port}`;

/** Puts it last; the first ones go when there are too many. */
function touch(flows: Map<string, Flow>, key: string, flow: Flow): void {
  flows.delete(key);
  flows.set(key, flow);
  for (const oldest of flows.keys()) {
    if (flows.size <= mostFlows) return;
    flows.delete(oldest);
  }
}
