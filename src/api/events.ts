import { useMemo } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import { watchStore } from '~/api/watchStore';
import { events, resourcePath } from '~/k8s/models';
import { joinedSource } from '~/k8s/joinedSource';
import type { Watched, WatchedRows } from '~/k8s/Watched';
import type { ToRow } from '~/k8s/WatchStore';

/**
 * Live events about the objects of these names, of whatever kind: one stream for each name, as field
 * selectors know no "or", and a whole namespace has thousands. `toRow` is at module scope.
 */
export function useEventsAbout<Row>(
  namespace: string,
  names: readonly string[],
  toRow: (event: never) => Row,
): Watched<WatchedRows<Row>> {
  // Names hold no spaces; the text stays equal where the array does not.
  const key = [...new Set(names)].join(' ');
  const source = useMemo(() => {
    const path = resourcePath(events, { namespace });
    const sources = key.split(' ').map((name) => {
      const fieldSelector = `involvedObject.name=${name}`;
      // The parse boundary: a list of events has events.
      const toEventRow = toRow as ToRow<Row>;
      return watchStore.watchList({ path, labelSelector: undefined, fieldSelector }, toEventRow);
    });
    return joinedSource(sources);
  }, [namespace, key, toRow]);
  return useSyncExternalStore(source.subscribe, source.getSnapshot);
}
