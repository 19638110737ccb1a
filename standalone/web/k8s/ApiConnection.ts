import { t } from '../i18n.ts';

/** What the last look at the API server gave. */
export type ConnectionState =
  | { state: 'connected' }
  /** The console's server does not answer, or it cannot reach the API server. */
  | { state: 'unreachable'; message: string }
  /** The console was started with another key, or the cookie is gone. */
  | { state: 'logged-out'; message: string };

const path = '/api/kubernetes/readyz';
const calmMs = 30_000;
const firstRetryMs = 1_000;
const slowestRetryMs = 15_000;

/**
 * Looks from time to time whether the API server answers: each half minute while it does, sooner
 * and with growing pauses while it does not, and at once when a request has failed. A hidden page
 * does not ask.
 */
export class ApiConnection {
  private current: ConnectionState = { state: 'connected' };
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retryMs = firstRetryMs;
  private isChecking = false;

  start(): void {
    this.plan(calmMs);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.doubt();
    });
  }

  /** A request failed in a way that may mean the connection is down: look now. */
  doubt(): void {
    if (this.isChecking) return;
    clearTimeout(this.timer);
    void this.check();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getSnapshot = (): ConnectionState => this.current;

  private async check(): Promise<void> {
    this.isChecking = true;
    const next = await this.look();
    this.isChecking = false;
    if (next.state === 'connected') this.retryMs = firstRetryMs;
    else this.retryMs = Math.min(this.retryMs * 2, slowestRetryMs);
    this.plan(next.state === 'connected' ? calmMs : this.retryMs);
    const isSame =
      next.state === this.current.state &&
      (next.state === 'connected' ||
        ('message' in this.current && next.message === this.current.message));
    if (isSame) return;
    this.current = next;
    for (const listener of this.listeners) listener();
  }

  private async look(): Promise<ConnectionState> {
    try {
      const response = await fetch(path, {
        cache: 'no-store',
        signal: AbortSignal.timeout(20_000),
      });
      const answer = await response.text();
      if (response.status === 401 && answer.includes('ConsoleSessionRequired'))
        return { state: 'logged-out', message: messageOf(answer) };
      if (response.status === 502 || response.status === 503)
        return { state: 'unreachable', message: messageOf(answer) };
      // Also a refusal (403 for those who may not see /readyz) comes from a server that is there.
      return { state: 'connected' };
    } catch {
      // fetch tells nothing more than that there was no answer.
      return {
        state: 'unreachable',
        message: t('The console does not answer. Check that virtdeck still runs.'),
      };
    }
  }

  private plan(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (document.hidden) this.plan(calmMs);
      else void this.check();
    }, delayMs);
  }
}

function messageOf(answer: string): string {
  try {
    const { message } = JSON.parse(answer) as { message?: string };
    return message ?? answer;
  } catch {
    // Plain text, for example "etcd failed" of /readyz itself.
    return answer.trim() || t('The Kubernetes API server is not ready.');
  }
}

/** The page's one connection. */
export const connection = new ApiConnection();
