import type { Failure } from '~/k8s/errors';

/**
 * What is known of something that is watched. `stale` means that the connection is lost and being
 * retried, while `data` is the last that was known; a list without rows is an `error` then.
 */
export type Watched<T> =
  | { state: 'loading' }
  | { state: 'error'; error: Failure; retry: () => void }
  | { state: 'ready'; data: T; stale?: Failure };

/** Rows of a list, in the order of arrival; `complete` is false while more pages are on the way. */
export type WatchedRows<Row> = { rows: readonly Row[]; complete: boolean };

/** The one loading value, so that it is equal to itself wherever it comes from. */
export const loading: { state: 'loading' } = { state: 'loading' };

/** The rows that are known by now; undefined while there are none, or when they cannot be had. */
export function rowsOf<Row>(watched: Watched<WatchedRows<Row>>): readonly Row[] | undefined {
  return dataOf(watched)?.rows;
}

/** What is known of a watched object; undefined while nothing is, or when it cannot be had. */
export function dataOf<T>(watched: Watched<T>): T | undefined {
  return watched.state === 'ready' ? watched.data : undefined;
}
