import {
  presentAll,
  presentDraft,
  targetVersion,
  type Presented,
  type Target,
} from '../ApiContext.ts';
import { needsConversion } from '../conversion.ts';
import type { ObjectEvent } from './watchObjects.ts';

/**
 * Hands the events of a watch over in their order, each in the version of the request: at once, unless
 * an object has to be converted.
 */
export class EventDelivery {
  /** Settles when all that was pushed so far is handed over; undefined when nothing waits. */
  private waiting: Promise<void> | undefined;

  constructor(
    private readonly target: Target,
    private readonly deliver: (event: ObjectEvent) => void,
    /** Told once, when a conversion fails; nothing is delivered after it. */
    private readonly fail: (error: unknown) => void,
  ) {}

  push(events: readonly ObjectEvent[]): void {
    const { target } = this;
    const apiVersion = targetVersion(target);
    const isForeign = ({ object }: ObjectEvent) =>
      needsConversion(target.resource, object.apiVersion, apiVersion);
    if (!events.some(isForeign)) {
      this.after(() => {
        for (const { type, object } of events) {
          this.deliver({ type, object: renamed(object, apiVersion) });
        }
      });
      return;
    }
    const before = this.waiting ?? Promise.resolve();
    this.wait(
      before.then(async () => {
        const shown = await presentAll(
          target,
          events.map(({ object }) => object),
        );
        events.forEach(({ type }, index) => {
          const object = shown[index];
          if (object !== undefined) this.deliver({ type, object });
        });
      }),
    );
  }

  /** Runs when everything that was pushed before has been handed over. */
  after(action: () => void): void {
    if (this.waiting === undefined) action();
    else this.wait(this.waiting.then(action));
  }

  private wait(work: Promise<void>): void {
    const waiting = work.then(
      () => {
        if (this.waiting === waiting) this.waiting = undefined;
      },
      (error: unknown) => {
        if (this.waiting !== waiting) throw error;
        this.fail(error);
        // Never settles: what comes later is not delivered.
        this.waiting = new Promise(() => undefined);
      },
    );
    this.waiting = waiting;
    waiting.catch(() => undefined);
  }
}

function renamed(shown: Presented, apiVersion: string): Presented {
  if (shown.apiVersion === apiVersion) return shown;
  return presentDraft({ ...shown.object, apiVersion }, shown.managedFields);
}
