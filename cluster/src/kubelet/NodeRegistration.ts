import { hasReason } from '../apiserver/ApiError.ts';
import type { Clock, Timer } from '../client/Clock.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { leases, nodes } from '../client/resources.ts';
import { timestamp } from '../client/timestamp.ts';
import { nodeObject, type NodeFacts } from './nodeObject.ts';

interface Dependencies {
  facts: NodeFacts;
  client: KubeClient;
  clock: Clock;
  log: (message: string) => void;
}

const heartbeatMs = 60_000;
/** The node's lease, by which others see that it is there (Kubernetes' defaults). */
const renewMs = 10_000;
const leaseSeconds = 40;

/** The Node of a kubelet, its lease, and the heartbeat of its conditions. */
export class NodeRegistration {
  readonly #is: Dependencies;
  #timer: Timer | undefined;
  #renewal: Timer | undefined;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Makes the Node, or refreshes the one of the last run, and begins its heartbeat. */
  async start(): Promise<void> {
    const { client, facts } = this.#is;
    const wanted = nodeObject(facts, timestamp(this.#is.clock.now()));
    const { labels, name } = wanted.metadata;
    const key = { name: name ?? '' };
    try {
      await client.patch(nodes, key, { type: 'merge', body: { metadata: { labels } } });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
      await client.create(nodes, wanted);
    }
    const { status } = wanted;
    await client.patch(nodes, key, { type: 'merge', body: { status } }, { subresource: 'status' });
    await this.#renew();
    this.#beat();
    this.#renewLater();
  }

  #renewLater(): void {
    this.#renewal = this.#is.clock.setTimeout(() => {
      this.#renew().catch((error: unknown) => {
        this.#is.log(`kubelet ${this.#is.facts.name}: lease: ${String(error)}`);
      });
      this.#renewLater();
    }, renewMs);
  }

  async #renew(): Promise<void> {
    const { name } = this.#is.facts;
    const key = { namespace: 'kube-node-lease', name };
    const renewTime = new Date(this.#is.clock.now()).toISOString().replace('Z', '000Z');
    const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime };
    try {
      await this.#is.client.patch(leases, key, { type: 'merge', body: { spec } });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
      await this.#is.client.create(leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: key,
        spec,
      });
    }
  }

  #beat(): void {
    this.#timer = this.#is.clock.setTimeout(() => {
      void this.#heartbeat().catch((error: unknown) => {
        this.#is.log(`kubelet ${this.#is.facts.name}: heartbeat: ${String(error)}`);
      });
      this.#beat();
    }, heartbeatMs);
  }

  async #heartbeat(): Promise<void> {
    const node = await this.#is.client.get(nodes, { name: this.#is.facts.name });
    const conditions = (node.status?.conditions ?? []).map((condition) => ({
      ...condition,
      lastHeartbeatTime: timestamp(this.#is.clock.now()),
    }));
    await this.#is.client.patch(
      nodes,
      node.metadata,
      { type: 'merge', body: { status: { conditions } } },
      { subresource: 'status' },
    );
  }

  close(): void {
    for (const timer of [this.#timer, this.#renewal]) {
      if (timer !== undefined) this.#is.clock.clearTimeout(timer);
    }
  }
}
