import { isInUse, isUnexplained } from '~/api/consoles';
import type { Failure } from '~/k8s/errors';

/** The life of a console's connection; the same for screen and serial line. */
export type ConsoleState =
  | { phase: 'idle' }
  | { phase: 'connecting' }
  | { phase: 'connected' }
  | { phase: 'closed'; failure: Failure; inUse: boolean };

/**
 * A connection that was there and ended. The server gives no reason: it drops the old viewer when a
 * new one comes (KubeVirt pkg/virt-handler/rest/console.go at d923fdb).
 */
export const droppedFailure: Failure = {
  title: 'The connection was closed',
  detail:
    'The server ended the connection. There can be one viewer only: the console may have been opened somewhere else.',
  status: undefined,
  reason: undefined,
  causes: [],
};

/**
 * Milliseconds to the next attempt of a console that did not open, undefined when a human has to
 * decide. A guest that has just started may not listen yet; and after a reload of the page, the
 * server may for a moment count the old page as the viewer.
 */
export function retryDelay(failure: Failure, attempt: number): number | undefined {
  if (isInUse(failure)) return attempt === 0 ? 1_500 : undefined;
  return isUnexplained(failure) && attempt < 3 ? 1_000 * 2 ** attempt : undefined;
}

/** Something that tells its listeners when its value was replaced. */
export class Observable<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(initial: T) {
    this.#value = initial;
  }

  get = (): T => this.#value;

  set(value: T): void {
    this.#value = value;
    [...this.#listeners].forEach((listener) => {
      listener();
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}
