import { randomInt } from 'node:crypto';

import type { EventRecorder } from '../client/EventRecorder.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient, ObjectKey } from '../client/KubeClient.ts';
import { type Service, services } from '../client/resources.ts';

interface Dependencies {
  client: KubeClient;
  services: Informer<Service>;
  recorder: EventRecorder;
}

/** Beyond the cluster IPs of 127.128.0.0/12. */
const prefix = '127.144';

/**
 * Gives services of type LoadBalancer an address of 127.144.0.0/16, where kube-proxy listens. A service
 * that names a `loadBalancerClass` waits for somebody else, as in Kubernetes.
 */
export class LoadBalancerController {
  readonly #is: Dependencies;
  /** By the service's UID, until its status has arrived here. */
  readonly #given = new Map<string, string>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** To be called for one service at a time: else two could be given the same address. */
  async reconcile(key: ObjectKey): Promise<void> {
    const service = this.#is.services.get(key);
    if (!service || service.metadata.deletionTimestamp) return;
    const { spec, status, metadata } = service;
    const has = (status?.loadBalancer?.ingress ?? []).length > 0;
    if (has) this.#given.delete(metadata.uid);
    if (spec.type !== 'LoadBalancer') {
      if (has) await this.#write(key, null);
      return;
    }
    if (has || spec.loadBalancerClass) return;
    this.#is.recorder.normal(service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
    const ip = this.#given.get(metadata.uid) ?? this.#freeAddress();
    this.#given.set(metadata.uid, ip);
    if (await this.#write(key, [{ ip, ipMode: 'Proxy' }])) {
      this.#is.recorder.normal(service, 'EnsuredLoadBalancer', 'Ensured load balancer');
    }
  }

  #write(key: ObjectKey, ingress: { ip: string; ipMode: string }[] | null): Promise<boolean> {
    const body = { status: { loadBalancer: { ingress } } };
    return ignoreGone(
      this.#is.client.patch(services, key, { type: 'merge', body }, { subresource: 'status' }),
    );
  }

  #freeAddress(): string {
    const stored = this.#is.services
      .list()
      .flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip));
    const taken = new Set([...stored, ...this.#given.values()]);
    for (;;) {
      const address = `${prefix}.${randomInt(256)}.${randomInt(1, 255)}`;
      if (!taken.has(address)) return address;
    }
  }
}
