import { useMemo, useState } from 'react';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import { watchStore } from '~/api/watchStore';
import { joinedSource } from '~/k8s/joinedSource';
import { apiVersion, type Model, resourcePath } from '~/k8s/models';
import { loading, type Watched, type WatchedRows } from '~/k8s/Watched';
import type { ToRow, WatchSource } from '~/k8s/WatchStore';

export type ListQuery<Row> = {
  model: Model;
  /** Undefined for all namespaces, and for cluster-scoped resources. */
  namespace: string | undefined;
  /** Instead of one: these are read in turns rather than watched. */
  namespaces?: readonly string[] | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /**
   * Makes the compact row of an object, which is dropped after it. Takes the type that the model's
   * objects have. Pure, and at module scope: the function of the first render is kept.
   */
  toRow: (object: never) => Row;
};

/**
 * A live list as compact rows. An undefined query watches nothing and stays `loading`: for a list
 * that depends on something not yet known.
 */
export function useWatchList<Row>(query: ListQuery<Row> | undefined): Watched<WatchedRows<Row>> {
  const [first] = useState(() => query?.toRow);
  // The parse boundary: what comes is what the model says.
  return useStored(query, (first ?? query?.toRow) as ToRow<Row> | undefined);
}

/**
 * Live lists of several kinds as one. A kind that cannot be had is left out; an error only when none
 * can. The queries are at module scope, or memoised.
 */
export function useWatchLists<Row>(queries: readonly ListQuery<Row>[]): Watched<WatchedRows<Row>> {
  const source = useMemo(
    () =>
      joinedSource(
        queries.map(({ model, namespace, labelSelector, fieldSelector, toRow }) =>
          watchStore.watchList(
            { path: resourcePath(model, { namespace }), labelSelector, fieldSelector },
            // The parse boundary: what comes is what the model says.
            toRow as ToRow<Row>,
          ),
        ),
      ),
    [queries],
  );
  return useSyncExternalStore(source.subscribe, source.getSnapshot);
}

export type ObjectQuery = {
  model: Model;
  namespace: string | undefined;
  name: string;
};

/** One live object, whole; `undefined` data when it does not exist or was deleted. */
export function useWatchObject<T>(query: ObjectQuery | undefined): Watched<T | undefined> {
  const toRow = query === undefined ? undefined : wholeObject<T>(query.model);
  const list = useStored(
    query && {
      model: query.model,
      namespace: query.namespace,
      fieldSelector: `metadata.name=${query.name}`,
    },
    toRow,
  );
  return useMemo(() => onlyRow(list), [list]);
}

function onlyRow<T>(list: Watched<WatchedRows<T>>): Watched<T | undefined> {
  if (list.state !== 'ready') return list;
  const { rows, complete } = list.data;
  if (rows.length === 0 && !complete) return loading;
  return { ...list, data: rows[0] };
}

const wholeObjects = new Map<Model, ToRow<unknown>>();

/**
 * The object as it is, with the type that items of a list lack. One function per model, as the
 * store shares by it. The parse boundary: the API server keeps to the schema of the model.
 */
function wholeObject<T>(model: Model): ToRow<T> {
  const known = wholeObjects.get(model);
  if (known !== undefined) return known as ToRow<T>;
  const typeMeta = { apiVersion: apiVersion(model), kind: model.kind };
  const toRow: ToRow<unknown> = (object) => ({ ...typeMeta, ...object });
  wholeObjects.set(model, toRow);
  return toRow as ToRow<T>;
}

const nothing: WatchSource<{ state: 'loading' }> = {
  subscribe: () => () => undefined,
  getSnapshot: () => loading,
};

type Selection = Pick<
  ListQuery<unknown>,
  'model' | 'namespace' | 'namespaces' | 'labelSelector' | 'fieldSelector'
>;

function useStored<Row>(
  selection: Selection | undefined,
  toRow: ToRow<Row> | undefined,
): Watched<WatchedRows<Row>> {
  // Paths hold no spaces; the text stays equal where the array does not.
  const namespaces = selection?.namespaces ?? (selection && [selection.namespace]);
  const path =
    selection &&
    namespaces?.map((namespace) => resourcePath(selection.model, { namespace })).join(' ');
  const isSweep = selection?.namespaces !== undefined;
  const labelSelector = selection?.labelSelector;
  const fieldSelector = selection?.fieldSelector;
  const source: WatchSource<Watched<WatchedRows<Row>>> = useMemo(
    () =>
      path === undefined || toRow === undefined
        ? nothing
        : watchStore.watchList(
            isSweep
              ? { paths: path.split(' '), labelSelector, fieldSelector }
              : { path, labelSelector, fieldSelector },
            toRow,
          ),
    [path, isSweep, labelSelector, fieldSelector, toRow],
  );
  return useSyncExternalStore(source.subscribe, source.getSnapshot);
}
