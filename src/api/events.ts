import { useMemo } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import { watchStore } from '~/api/watchStore';
import { events, resourcePath } from '~/k8s/models';
import { loading, type Watched, type WatchedRows } from '~/k8s/Watched';
import type { ToRow, WatchSource } from '~/k8s/WatchStore';

type Rows<Row> = Watched<WatchedRows<Row>>;

/**
 * Live events about the objects of these names, of whatever kind: one stream for each name, as field
 * selectors know no "or", and a whole namespace has thousands. `toRow` is at module scope.
 */
export function useEventsAbout<Row>(
  namespace: string,
  names: readonly string[],
  toRow: (event: never) => Row,
): Rows<Row> {
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
    return joined(sources);
  }, [namespace, key, toRow]);
  return useSyncExternalStore(source.subscribe, source.getSnapshot);
}

/** Several lists as one; its snapshot stays the same object while none of theirs changes. */
function joined<Row>(sources: readonly WatchSource<Rows<Row>>[]): WatchSource<Rows<Row>> {
  let parts: readonly Rows<Row>[] = [];
  let whole: Rows<Row> = loading;
  return {
    subscribe: (listener) => {
      const ends = sources.map((source) => source.subscribe(listener));
      return () => {
        ends.forEach((end) => {
          end();
        });
      };
    },
    getSnapshot: () => {
      const now = sources.map((source) => source.getSnapshot());
      if (now.length === parts.length && now.every((part, index) => part === parts[index])) {
        return whole;
      }
      parts = now;
      whole = join(now);
      return whole;
    },
  };
}

/** What is there is shown while the rest is on the way; an error only when nothing came. */
function join<Row>(parts: readonly Rows<Row>[]): Rows<Row> {
  const ready = parts.flatMap((part) => (part.state === 'ready' ? [part] : []));
  if (ready.length === 0) return parts.find(({ state }) => state === 'error') ?? loading;
  const rows = ready.flatMap(({ data }) => data.rows);
  const complete = ready.length === parts.length && ready.every(({ data }) => data.complete);
  const stale = ready.find((part) => part.stale !== undefined)?.stale;
  return { state: 'ready', data: { rows, complete }, ...(stale !== undefined && { stale }) };
}
