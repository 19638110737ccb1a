import { randomBytes } from 'node:crypto';
import { hasReason } from '../apiserver/ApiError.ts';
import { messageOf } from './messageOf.ts';
import { realClock, type Clock } from './Clock.ts';
import { EventCorrelator } from './EventCorrelator.ts';
import type { KubeClient, KubeObject } from './KubeClient.ts';
import { events, type Event } from './resources.ts';
import { timestamp } from './timestamp.ts';

export interface EventRecorderOptions {
  /** `source.component`, e.g. `virtualmachine-controller`. */
  readonly component: string;
  /** `source.host`: the node, for what runs on one. */
  readonly host?: string;
  readonly clock?: Clock;
  readonly log?: (message: string) => void;
}

/** Events that may be counted up; more are forgotten, the oldest first. */
const remembered = 4096;

interface Known {
  readonly name: string;
  readonly namespace: string;
  count: number;
}

/**
 * Writes Events about objects. The same event on the same object is not written again: its count and
 * lastTimestamp go up; too many of one object are combined, then dropped (`EventCorrelator`). Recording never fails the work that it tells of; what goes wrong is logged.
 */
export class EventRecorder {
  private readonly known = new Map<string, Known>();
  private readonly clock: Clock;
  private readonly correlator: EventCorrelator;
  /** The latest write for each object, by its uid: events of one object are written in turn. */
  private readonly pending = new Map<string, Promise<void>>();

  constructor(
    private readonly client: KubeClient,
    private readonly options: EventRecorderOptions,
  ) {
    this.clock = options.clock ?? realClock;
    this.correlator = new EventCorrelator(this.clock);
  }

  normal(object: KubeObject, reason: string, message: string): void {
    this.record(object, 'Normal', reason, message);
  }

  warning(object: KubeObject, reason: string, message: string): void {
    this.record(object, 'Warning', reason, message);
  }

  /** Resolves when everything recorded so far is written. */
  async settled(): Promise<void> {
    await Promise.all(this.pending.values());
  }

  private record(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void {
    const { uid } = object.metadata;
    const before = this.pending.get(uid) ?? Promise.resolve();
    const written = before.then(async () => {
      try {
        await this.write(object, type, reason, message);
      } catch (error) {
        const text = messageOf(error);
        this.options.log?.(`event ${reason} of ${object.kind} ${object.metadata.name}: ${text}`);
      } finally {
        if (this.pending.get(uid) === written) this.pending.delete(uid);
      }
    });
    this.pending.set(uid, written);
  }

  private async write(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): Promise<void> {
    const told = this.correlator.correlate({ uid: object.metadata.uid, type, reason, message });
    if (told === undefined) return;
    const id = told.key;
    const known = this.known.get(id);
    if (known !== undefined && (await this.countUp(known, told.message))) return;
    const event = this.newEvent(object, type, reason, told.message);
    await this.client.create(events, event);
    this.known.delete(id);
    this.known.set(id, {
      name: event.metadata.name,
      namespace: event.metadata.namespace,
      count: 1,
    });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= remembered) break;
      this.known.delete(oldest);
    }
  }

  /** False when the event has been deleted meanwhile. */
  private async countUp(known: Known, message: string): Promise<boolean> {
    try {
      const lastTimestamp = timestamp(this.clock.now());
      const body = { count: known.count + 1, lastTimestamp, message };
      await this.client.patch(events, known, { type: 'merge', body });
      known.count += 1;
      return true;
    } catch (error) {
      if (hasReason(error, 'NotFound')) return false;
      throw error;
    }
  }

  private newEvent(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): Omit<Event, 'metadata'> & { metadata: { name: string; namespace: string } } {
    const { component, host } = this.options;
    const { name, uid, resourceVersion } = object.metadata;
    // Events of cluster-wide objects live in the namespace default.
    const namespace = object.metadata.namespace ?? 'default';
    const at = timestamp(this.clock.now());
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${randomBytes(8).toString('hex')}`, namespace },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        name,
        uid,
        resourceVersion,
        ...(object.metadata.namespace === undefined ? {} : { namespace }),
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      source: { component, ...(host === undefined ? {} : { host }) },
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
  }
}
