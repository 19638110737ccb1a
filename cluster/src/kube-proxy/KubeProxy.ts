import type { Duplex } from 'node:stream';

import type { Clock } from '../client/Clock.ts';
import type { EventRecorder } from '../client/EventRecorder.ts';
import { type Informer, keyText } from '../client/Informer.ts';
import type { ObjectKey } from '../client/KubeClient.ts';
import type { EndpointSlice, ObjectReference, Service, ServicePort } from '../client/resources.ts';
import { messageOf } from '../client/messageOf.ts';
import { readyEndpoints } from './readyEndpoints.ts';
import { type Backend, ServiceListener, type Traffic } from './ServiceListener.ts';

interface Dependencies {
  services: Informer<Service>;
  /** With the index `service`. */
  endpointSlices: Informer<EndpointSlice>;
  /** Connects to a port of an endpoint; rejects when it is not reachable. */
  dial(address: string, port: number, target: ObjectReference | undefined): Promise<Duplex>;
  recorder: EventRecorder;
  clock: Clock;
}

interface Place {
  address: string;
  port: number;
  traffic: Traffic;
}

const nodeAddress = '127.0.0.1';
const retryMs = 30_000;

/**
 * Makes services reachable on this machine: listens on cluster IPs, load balancers' addresses and node
 * ports, and passes TCP on to the endpoints that are ready. Where none is, nothing listens, so that a
 * connection is refused at once, as kube-proxy's REJECT rule does it.
 */
export class KubeProxy {
  readonly #is: Dependencies;
  /** By service, then by `address:port`. */
  readonly #listeners = new Map<string, Map<string, ServiceListener>>();
  #closed = false;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async reconcile(key: ObjectKey): Promise<{ requeueAfterMs?: number }> {
    if (this.#closed) return {};
    const id = keyText(key);
    const service = this.#is.services.get(key);
    const wanted = new Map(
      (service ? this.#places(service) : []).map((place) => [
        `${place.address}:${place.port}`,
        place,
      ]),
    );
    const listeners = this.#listeners.get(id) ?? new Map<string, ServiceListener>();
    this.#listeners.set(id, listeners);
    for (const [where, listener] of listeners) {
      const place = wanted.get(where);
      if (place) listener.traffic = place.traffic;
      else {
        listeners.delete(where);
        listener.close(false);
      }
    }
    let failed = false;
    for (const [where, place] of wanted) {
      if (listeners.has(where)) continue;
      const listener = await this.#listen(place, service);
      if (!listener) failed = true;
      // The program may have been told to end meanwhile.
      else if (this.#isClosed()) listener.close(true);
      else listeners.set(where, listener);
    }
    if (listeners.size === 0) this.#listeners.delete(id);
    return failed ? { requeueAfterMs: retryMs } : {};
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
    for (const listeners of this.#listeners.values()) {
      for (const listener of listeners.values()) listener.close(true);
    }
    this.#listeners.clear();
  }

  async #listen(
    { address, port, traffic }: Place,
    service: Service | undefined,
  ): Promise<ServiceListener | undefined> {
    try {
      return await ServiceListener.open(address, port, traffic, () => this.#is.clock.now());
    } catch (error) {
      if (!service) return undefined;
      const why = reasonOf(error, port);
      this.#is.recorder.warning(
        service,
        'FailedToListen',
        `cannot listen on ${address}:${port}: ${why}`,
      );
      return undefined;
    }
  }

  #places(service: Service): Place[] {
    const { spec, status } = service;
    if (spec.type === 'ExternalName' || !spec.clusterIP || spec.clusterIP === 'None') return [];
    const clusterIp = spec.clusterIP;
    const balancers =
      spec.type === 'LoadBalancer'
        ? (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])
        : [];
    return (spec.ports ?? []).flatMap((port) => {
      const traffic = this.#traffic(service, port);
      if ((port.protocol ?? 'TCP') !== 'TCP' || traffic.backends.length === 0) return [];
      return [
        ...[clusterIp, ...balancers].map((address) => ({ address, port: port.port, traffic })),
        ...(port.nodePort ? [{ address: nodeAddress, port: port.nodePort, traffic }] : []),
      ];
    });
  }

  #traffic({ metadata, spec }: Service, port: ServicePort): Traffic {
    const slices = this.#is.endpointSlices.byIndex('service', keyText(metadata));
    const backends = readyEndpoints(slices, port).map((one): Backend => ({
      id: `${one.address}:${one.port}`,
      connect: () => this.#is.dial(one.address, one.port, one.target),
    }));
    const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
    return { backends, affinityMs: spec.sessionAffinity === 'ClientIP' ? seconds * 1000 : 0 };
  }
}

function reasonOf(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EACCES') {
    return `permission denied: ports under 1024 need root, or net.ipv4.ip_unprivileged_port_start at ${port} or less`;
  }
  if (code === 'EADDRINUSE') return 'another program listens on this port';
  return messageOf(error);
}
