import type { PreferenceRow } from '~/kubevirt/catalog/typeRows';

import { preferences } from './types/families';
import { preferenceColumns, preferenceFacets } from './types/preferenceColumns';
import { TypeListPage } from './types/TypeList';

interface Props {
  /** As the console says it: `#ALL_NS#` for all. */
  namespace?: string;
}

const byName = (a: PreferenceRow, b: PreferenceRow) =>
  a.name.localeCompare(b.name, undefined, { numeric: true });

/** Preferences of the cluster, or of projects. */
export default function PreferencesPage({ namespace }: Props) {
  return (
    <TypeListPage
      namespace={namespace}
      family={preferences}
      columns={preferenceColumns}
      facets={preferenceFacets}
      order={byName}
    />
  );
}
