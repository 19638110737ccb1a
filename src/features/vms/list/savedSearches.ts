import { isRecord } from '~/k8s/isRecord';
import { useStored } from '~/ui/stored';

/** A search under a name. */
export interface SavedSearch {
  name: string;
  /** As in the list's URL. */
  query: string;
}

export function parseSavedSearches(json: unknown): readonly SavedSearch[] {
  if (!Array.isArray(json)) return [];
  return json
    .filter(isRecord)
    .flatMap(({ name, query }) =>
      typeof name === 'string' && typeof query === 'string' ? [{ name, query }] : [],
    );
}

/** With one more; of the same name the new one counts. */
export function withSearch(
  searches: readonly SavedSearch[],
  search: SavedSearch,
): readonly SavedSearch[] {
  return [...searches.filter(({ name }) => name !== search.name), search].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

/** The saved searches of this user in this browser. */
export function useSavedSearches() {
  return useStored('virtdeck.vm-list.searches', parseSavedSearches);
}
