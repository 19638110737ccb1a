import type { KubeClient, KubeObject } from '../client/KubeClient.ts';
import { Informer } from '../client/Informer.ts';
import { LoggedClient } from '../component-logs/LoggedClient.ts';
import { customResourceDefinitions } from '../client/resources.ts';
import { AllInformers } from './AllInformers.ts';
import { type InformerOptions, type Informers, makeInformers } from './informers.ts';

type Started = Pick<Informer<KubeObject>, 'start' | 'close'>;

/**
 * The local copies that the parts of the control plane look at. Parts that read by the same client
 * share them; what no part has asked for is not read at all.
 */
export class InformerSets {
  readonly #sets = new Map<KubeClient, Informers>();
  readonly #used = new Set<Started>();
  readonly #options: InformerOptions;

  constructor(options: InformerOptions) {
    this.#options = options;
  }

  /** Those of the names, read by this client. */
  pick<K extends keyof Informers>(client: KubeClient, names: readonly K[]): Pick<Informers, K> {
    const set = this.#of(client);
    for (const name of names) this.#used.add(set[name]);
    return set;
  }

  /** Those of everything that the API serves, read by this client. */
  all(client: KubeClient): { named: Informers; all: AllInformers } {
    const named = this.#of(client);
    const { clock, log, resources } = this.#options;
    const all = new AllInformers({
      named: Object.values(named),
      definitions: new Informer(client, customResourceDefinitions, { clock, log }),
      resources,
      make: (resource) => new Informer(client, resource, { clock, log }),
    });
    this.#used.add(all);
    return { named, all };
  }

  /** Resolves when the first lists are in. */
  async start(): Promise<void> {
    await Promise.all([...this.#used].map((informer) => informer.start()));
  }

  close(): void {
    for (const informer of this.#used) informer.close();
  }

  #of(reader: KubeClient): Informers {
    // What is read is not logged, so that parts with logs of their own share it.
    const client = reader instanceof LoggedClient ? reader.unlogged : reader;
    const set = this.#sets.get(client) ?? makeInformers(client, this.#options);
    this.#sets.set(client, set);
    return set;
  }
}
