import type { Clock } from './Clock.ts';

/** Different messages of one reason that are told one by one; later ones are combined. */
const maxSimilar = 10;
/** Milliseconds without another message after which they are told one by one again. */
const similarWindowMs = 600_000;
/** Events of one object that may be written in a row. */
const burst = 25;
/** Milliseconds until one more may be written. */
const refillMs = 300_000;
/** Objects and reasons that are known; more are forgotten, the longest unused first. */
const remembered = 4096;

export interface Occurrence {
  /** uid of the object that the event is about. */
  readonly uid: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface Correlated {
  /** Occurrences with the same key are one event that is counted up. */
  readonly key: string;
  readonly message: string;
}

interface Similar {
  readonly messages: Set<string>;
  lastMs: number;
}

interface Bucket {
  tokens: number;
  filledMs: number;
}

/**
 * Keeps a failure that repeats for ever from filling the store with events, as Kubernetes' own clients do: from the
 * tenth message of a reason on they are combined into one event, and an object that goes on is heard once in five
 * minutes. Source: client-go tools/record/events_cache.go.
 */
export class EventCorrelator {
  private readonly similar = new Map<string, Similar>();
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** What is to be written; undefined when the object has had its share of events. */
  correlate(occurrence: Occurrence): Correlated | undefined {
    const group = [occurrence.uid, occurrence.type, occurrence.reason].join('\n');
    const result = this.aggregate(group, occurrence.message);
    return this.takeToken(occurrence.uid) ? result : undefined;
  }

  private aggregate(group: string, message: string): Correlated {
    const now = this.clock.now();
    const before = this.similar.get(group);
    const isRecent = before !== undefined && now - before.lastMs <= similarWindowMs;
    const messages = isRecent ? before.messages : new Set<string>();
    // Enough are known to tell that there are too many: the set stays small.
    if (messages.size < maxSimilar) messages.add(message);
    touch(this.similar, group, { messages, lastMs: now });
    return messages.size < maxSimilar
      ? { key: `${group}\n${message}`, message }
      : { key: group, message: `(combined from similar events): ${message}` };
  }

  private takeToken(uid: string): boolean {
    const now = this.clock.now();
    const bucket = this.buckets.get(uid) ?? { tokens: burst, filledMs: now };
    const more = Math.floor((now - bucket.filledMs) / refillMs);
    bucket.tokens = Math.min(burst, bucket.tokens + more);
    bucket.filledMs = bucket.tokens === burst ? now : bucket.filledMs + more * refillMs;
    touch(this.buckets, uid, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}

/** Sets as the most recently used, and forgets the one that was not used for longest. */
function touch<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= remembered) break;
    map.delete(oldest);
  }
}
