import {
  type ConsoleKind,
  explainSocketFailure,
  isInUse,
  isUnexplained,
  serverAnswers,
} from '~/api/consoles';
import type { VmRef } from '~/api/vms';
import { backoffDelay } from '~/k8s/backoff';
import { type Failure, isTransient } from '~/k8s/errors';
import { type ConsoleState, droppedFailure, Observable, silentFailure } from './ConsoleState';

/** What a connection tells of its life. */
export type Dial = {
  /** Do not end the viewer that is there. */
  polite: boolean;
  connected: () => void;
  /** `refusal` is why the guest's side said no; without one the server is asked. */
  ended: (refusal?: Failure) => void;
};

/** Attempts that the server accepts and that come to nothing, before a human has to decide. */
const maxFruitless = { first: 3, again: 20 };

/** How often a server is asked whether it is there; a lost network ends no socket. Milliseconds. */
const askEvery = 20_000;

/**
 * The connection of one console to one VirtualMachineInstance. Reusable: open, hold, open again. A
 * connection that is lost comes back by itself: after a restart of the API, a migration, and when the
 * network is there again. It never takes the console from somebody else without being told to.
 */
export abstract class ConsoleSession {
  readonly state = new Observable<ConsoleState>({ phase: 'idle' });
  #dials = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #askTimer: ReturnType<typeof setInterval> | undefined;
  /** Connects at once, while an attempt waits for its time. */
  #retryNow: (() => void) | undefined;

  constructor(
    protected readonly vmi: VmRef,
    protected kind: ConsoleKind,
    /**
     * What a new connection does to another's: it can ask first (`polite`), ends it (`exclusive`), or
     * leaves it alone (`many`).
     */
    private readonly sharing: 'polite' | 'exclusive' | 'many',
  ) {
    window.addEventListener('offline', this.#lose);
    window.addEventListener('online', this.#hurry);
  }

  /** Connects, unless somebody else is there and `takeOver` is not given. */
  open({ takeOver = false }: { takeOver?: boolean } = {}): void {
    this.#connect(!takeOver, 0, undefined);
  }

  /** Connects as after a loss: patiently, as what answers may not be up yet. */
  protected comeBack(): void {
    this.state.set({ phase: 'lost', failure: droppedFailure });
    this.#connect(true, 0, droppedFailure);
  }

  /** Ends the connection and waits to be opened again. */
  hold(): void {
    this.#stop();
    this.state.set({ phase: 'idle' });
  }

  close(): void {
    window.removeEventListener('offline', this.#lose);
    window.removeEventListener('online', this.#hurry);
    this.#stop();
  }

  /** Makes a connection; ends the one that is there. */
  protected abstract dial(dial: Dial): void;

  /** Ends the connection without telling. */
  protected abstract hangUp(): void;

  /** What to tell when the server accepts every attempt and none comes to anything. */
  protected explainSilence(failure: Failure): Failure {
    return failure;
  }

  #connect(polite: boolean, attempt: number, lost: Failure | undefined): void {
    this.#stop();
    const number = this.#dials;
    if (lost === undefined) this.state.set({ phase: 'connecting' });
    let wasConnected = false;
    this.dial({
      polite,
      connected: () => {
        if (number !== this.#dials) return;
        wasConnected = true;
        this.state.set({ phase: 'connected' });
        this.#askTimer = setInterval(() => void this.#ask(number), askEvery);
      },
      ended: (refusal) => {
        if (number !== this.#dials) return;
        if (refusal !== undefined) this.#fail(refusal);
        else if (wasConnected) void this.#recover(number, 0, droppedFailure);
        else void this.#recover(number, attempt, lost, polite);
      },
    });
  }

  /** The socket does not say so, but nothing gets through it any more. */
  readonly #lose = () => {
    if (this.state.get().phase !== 'connected') return;
    this.#stop();
    void this.#recover(this.#dials, 0, silentFailure);
  };

  readonly #hurry = () => this.#retryNow?.();

  async #ask(number: number): Promise<void> {
    const isThere = await serverAnswers();
    if (!isThere && number === this.#dials) this.#lose();
  }

  /** Finds out why there is no connection, and tries again where that may help. */
  async #recover(
    number: number,
    attempt: number,
    lost: Failure | undefined,
    polite = true,
  ): Promise<void> {
    if (lost !== undefined) this.state.set({ phase: 'lost', failure: lost });
    const options = { polite: polite && this.sharing === 'polite' };
    const failure = await explainSocketFailure(this.vmi, this.kind, options);
    if (number !== this.#dials) return;
    if (isInUse(failure)) {
      // After a reload of the page the server may for a moment count the old page as the viewer.
      if (attempt === 0) this.#retry(1_500, polite, attempt, lost);
      else this.state.set({ phase: 'closed', failure, inUse: true });
      return;
    }
    if (isUnexplained(failure)) {
      // The server is well: somebody else has opened the line, and would lose it to us.
      if (lost === droppedFailure && this.sharing === 'exclusive') {
        this.#fail(droppedFailure);
        return;
      }
      const most = lost === undefined ? maxFruitless.first : maxFruitless.again;
      if (attempt >= most) this.#fail(this.explainSilence(failure));
      else this.#retry(backoffDelay(attempt + 1, Math.random()), polite, attempt, lost);
      return;
    }
    if (isTransient(failure))
      this.#retry(backoffDelay(attempt + 1, Math.random()), polite, attempt, failure);
    else this.#fail(failure);
  }

  #retry(delay: number, polite: boolean, attempt: number, lost: Failure | undefined): void {
    if (lost !== undefined) this.state.set({ phase: 'lost', failure: lost });
    this.#retryNow = () => this.#connect(polite, attempt + 1, lost);
    this.#retryTimer = setTimeout(this.#retryNow, delay);
  }

  #fail(failure: Failure): void {
    this.state.set({ phase: 'closed', failure, inUse: false });
  }

  #stop(): void {
    this.#dials += 1;
    this.#retryNow = undefined;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#askTimer);
    this.hangUp();
  }
}
