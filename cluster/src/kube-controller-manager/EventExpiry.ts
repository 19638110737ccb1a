import type { Clock } from '../client/Clock.ts';
import { ignoreGone } from '../client/ignoreGone.ts';
import type { Informer } from '../client/Informer.ts';
import type { KubeClient } from '../client/KubeClient.ts';
import { type Event, events } from '../client/resources.ts';

interface Dependencies {
  client: KubeClient;
  events: Informer<Event>;
  clock: Clock;
}

/** How long an event is kept after it was last seen: kube-apiserver's default of `--event-ttl`. */
const lifetimeMs = 60 * 60 * 1000;
const sweepMs = 60 * 1000;

/** Removes events that are over an hour old, which etcd does by a lease on other clusters. */
export class EventExpiry {
  readonly #is: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#is = dependencies;
  }

  async sweep(): Promise<{ requeueAfterMs: number }> {
    const oldest = this.#is.clock.now() - lifetimeMs;
    for (const event of this.#is.events.list()) {
      if (lastSeen(event) >= oldest) continue;
      await ignoreGone(this.#is.client.delete(events, event.metadata));
    }
    return { requeueAfterMs: sweepMs };
  }
}

/** Milliseconds since the epoch. */
function lastSeen({ metadata, lastTimestamp, series, eventTime }: Event): number {
  const times = [lastTimestamp, series?.lastObservedTime, eventTime, metadata.creationTimestamp];
  return Math.max(...times.map((time) => (time ? Date.parse(time) : 0)));
}
