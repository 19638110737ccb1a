import { useEffect, useState } from 'react';
import { type Failure, toFailure } from '~/k8s/errors';

/** The last answer and, when the last question failed, why. */
export interface Polled<T> {
  data: T | undefined;
  failure: Failure | undefined;
}

const nothing = { data: undefined, failure: undefined };

/**
 * Asks again and again, `every` milliseconds after each answer, never while the page cannot be seen;
 * once only when `every` is undefined, and not at all without `ask`. A new `ask` is asked at once;
 * the old answer stays until the new one comes. `ask` is memoised.
 */
export function usePolled<T>(
  ask: ((signal: AbortSignal) => Promise<T>) | undefined,
  every: number | undefined,
): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>(nothing);
  // Asks a server.
  useEffect(() => {
    if (ask === undefined) return undefined;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      if (abort.signal.aborted || every === undefined) return;
      timer = setTimeout(next, every);
    };
    const next = () => {
      if (document.visibilityState !== 'visible') {
        again();
        return;
      }
      ask(abort.signal)
        .then(
          (data) => {
            if (!abort.signal.aborted) setPolled({ data, failure: undefined });
          },
          (error: unknown) => {
            if (abort.signal.aborted) return;
            setPolled(({ data }) => ({ data, failure: toFailure(error) }));
          },
        )
        .finally(again);
    };
    next();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [ask, every]);
  return polled;
}
