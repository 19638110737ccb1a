import { useEffect, useState } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';

import { type LogState, PodLog } from '~/api/PodLog';

const nothing: LogState = { phase: 'ended', lines: [], dropped: 0, failure: undefined };
const noLog = { get: () => nothing, subscribe: () => () => undefined };

/** Follows the log of a container while it is on the screen; nothing without one. */
export function usePodLog(
  namespace: string,
  source: { pod: string; container: string } | undefined,
): LogState {
  const [log, setLog] = useState<PodLog>();
  const { pod, container } = source ?? {};
  // A stream that lives outside React.
  useEffect(() => {
    if (pod === undefined || container === undefined) return undefined;
    const next = new PodLog({ namespace, pod, container });
    setLog(next);
    return () => {
      next.close();
      setLog(undefined);
    };
  }, [namespace, pod, container]);
  const { get, subscribe } = log ?? noLog;
  return useSyncExternalStore(subscribe, get);
}
