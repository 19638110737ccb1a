import { loading, type Watched, type WatchedRows } from '~/k8s/Watched';
import type { WatchSource } from '~/k8s/WatchStore';

type Rows<Row> = Watched<WatchedRows<Row>>;

/** Several lists as one; its snapshot stays the same object while none of theirs changes. */
export function joinedSource<Row>(
  sources: readonly WatchSource<Rows<Row>>[],
): WatchSource<Rows<Row>> {
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
