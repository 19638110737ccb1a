import type { EventRecorder } from '../../client/EventRecorder.ts';
import type { KubeClient } from '../../client/KubeClient.ts';
import { type Event, events, type PersistentVolumeClaim } from '../../client/resources.ts';

interface Dependencies {
  client: KubeClient;
  recorder: EventRecorder;
}

const prefixOf = ({ metadata }: PersistentVolumeClaim) => `[${metadata.name}] : `;

/**
 * Tells of what happens to a `prime` claim on the claim that asked, which people look at. CDI: CopyEvents and
 * UpdatePVCBoundConditionFromEvents (pkg/controller/common/util.go, c07cdb6).
 */
export class PrimeEvents {
  readonly #is: Dependencies;
  /** Messages told already, by the UID of the claim that asked. */
  readonly #told = new Map<string, Set<string>>();

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  /** Copies the events; gives the message of the last one. */
  async copy(
    prime: PersistentVolumeClaim,
    claim: PersistentVolumeClaim,
  ): Promise<string | undefined> {
    const told = this.#told.get(claim.metadata.uid) ?? (await this.#toldOf(claim));
    const found = await this.#eventsOf(prime);
    for (const { type, reason = '', message = '' } of found) {
      const text = `${prefixOf(prime)}${message}`;
      if (told.has(message) || told.has(text)) continue;
      told.add(text);
      this.#is.recorder[type === 'Warning' ? 'warning' : 'normal'](claim, reason, text);
    }
    return found.at(-1)?.message;
  }

  /** The claim is bound or gone. */
  forget(uid: string): void {
    this.#told.delete(uid);
  }

  async #toldOf(claim: PersistentVolumeClaim): Promise<Set<string>> {
    const messages = (await this.#eventsOf(claim)).map(({ message = '' }) => message);
    const told = new Set(messages);
    this.#told.set(claim.metadata.uid, told);
    return told;
  }

  /** The oldest first. */
  async #eventsOf({ metadata }: PersistentVolumeClaim): Promise<Event[]> {
    const { items } = await this.#is.client.list(events, {
      namespace: metadata.namespace,
      fieldSelector: `involvedObject.uid=${metadata.uid}`,
    });
    const timeOf = ({ lastTimestamp, firstTimestamp }: Event) =>
      lastTimestamp ?? firstTimestamp ?? '';
    // Times are whole seconds.
    const versionOf = ({ metadata }: Event) => Number(metadata.resourceVersion);
    return items.toSorted(
      (one, other) => timeOf(one).localeCompare(timeOf(other)) || versionOf(one) - versionOf(other),
    );
  }
}
