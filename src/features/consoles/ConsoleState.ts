import { type Failure, ownFailure } from '~/k8s/errors';

/** The life of a console's connection; the same for screen and serial line. */
export type ConsoleState =
  | { phase: 'idle' }
  | { phase: 'connecting' }
  | { phase: 'connected' }
  /** It was there and comes back by itself. */
  | { phase: 'lost'; failure: Failure }
  | { phase: 'closed'; failure: Failure; inUse: boolean };

/**
 * A connection that was there and ended. The server gives no reason: it drops the old viewer when a
 * new one comes (KubeVirt pkg/virt-handler/rest/console.go at d923fdb).
 */
export const droppedFailure = ownFailure(
  'The connection was closed',
  'The server ended the connection. There can be one viewer only: the console may have been opened somewhere else.',
);

/** A connection through which nothing comes any more: no side has ended it. */
export const silentFailure = ownFailure(
  'The server does not answer',
  'The network between this browser and the cluster is interrupted.',
);

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
