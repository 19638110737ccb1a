import { type LogSource, podLogFollow } from '~/api/podLogs';
import { type Failure, toFailure } from '~/k8s/errors';

export type LogState = {
  phase: 'following' | 'ended' | 'failed';
  /** Oldest first. */
  lines: readonly string[];
  /** So many lines came before those that are kept. */
  dropped: number;
  failure: Failure | undefined;
};

/** Lines kept in memory: of a guest that talks without end the oldest give way. */
export const maxLogLines = 10_000;

/** Of one line; a guest may never end it. */
const maxLineLength = 20_000;

/** Told at most so often, in milliseconds. */
const publishEvery = 100;

/** A container's log that is followed, with bounded memory. */
export class PodLog {
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  #lines: string[] = [];
  #rest = '';
  #dropped = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: LogState = { phase: 'following', lines: [], dropped: 0, failure: undefined };

  constructor(source: LogSource) {
    const options = { tailLines: maxLogLines, signal: this.#abort.signal };
    podLogFollow(source, options, (text) => {
      this.add(text);
    }).then(
      () => {
        this.#publish('ended', undefined);
      },
      (error: unknown) => {
        if (!this.#abort.signal.aborted) this.#publish('failed', toFailure(error));
      },
    );
  }

  get = (): LogState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  close(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  /** Takes a piece of the log, which may begin and end within a line. */
  add(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = (parts.pop() ?? '').slice(-maxLineLength);
    for (const line of parts) this.#lines.push(plain(line));
    const surplus = this.#lines.length - maxLogLines;
    if (surplus > 0) {
      this.#lines.splice(0, surplus);
      this.#dropped += surplus;
    }
    this.#timer ??= setTimeout(() => {
      this.#publish('following', undefined);
    }, publishEvery);
  }

  #publish(phase: LogState['phase'], failure: Failure | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rest = this.#rest === '' ? [] : [plain(this.#rest)];
    this.#state = { phase, lines: [...this.#lines, ...rest], dropped: this.#dropped, failure };
    [...this.#listeners].forEach((listener) => {
      listener();
    });
  }
}

// Of a terminal: colours, cursor moves, titles, and the carriage returns of serial lines.
/* eslint-disable no-control-regex -- they are what is taken out */
const controls =
  /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*(?:\u0007|\u001b\\)|[@-Z\\-_])|[\u0000-\u0008\u000b-\u001f]/g;
/* eslint-enable no-control-regex */

function plain(line: string): string {
  return line.replaceAll(controls, '');
}
