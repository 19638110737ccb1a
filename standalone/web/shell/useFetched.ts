import { useEffect, useState } from 'react';
import { connection } from '../k8s/ApiConnection.ts';

export type Fetched<T> =
  { state: 'loading' } | { state: 'error'; error: Error } | { state: 'ready'; data: T };

/**
 * The answer of a question that is asked once, and again when it failed and the connection comes
 * back. `fetch` must not change between renders.
 */
export function useFetched<T>(fetch: () => Promise<T>): Fetched<T> {
  const [fetched, setFetched] = useState<Fetched<T>>({ state: 'loading' });
  // The answer comes over the network.
  useEffect(() => {
    let isWanted = true;
    let hasFailed = false;
    const ask = () => {
      hasFailed = false;
      fetch().then(
        (data) => {
          if (isWanted) setFetched({ state: 'ready', data });
        },
        (error: unknown) => {
          hasFailed = true;
          const shown = error instanceof Error ? error : new Error(String(error));
          if (isWanted) setFetched({ state: 'error', error: shown });
        },
      );
    };
    ask();
    const unsubscribe = connection.subscribe(() => {
      if (hasFailed && connection.getSnapshot().state === 'connected') ask();
    });
    return () => {
      isWanted = false;
      unsubscribe();
    };
  }, [fetch]);
  return fetched;
}
