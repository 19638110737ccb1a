import { useTranslation } from 'react-i18next';

import type { FilteredTableTexts } from '~/ui/FilteredTable';

/** The texts of a list of named objects; `label` is its name in the plural. */
export function useTableTexts<Row extends { name: string }>(
  label: string,
): FilteredTableTexts<Row> {
  const { t } = useTranslation('plugin__virtdeck');
  return {
    label,
    search: t('Search'),
    searchPlaceholder: t('Name, description … ( / )'),
    clearSearch: t('Clear the search'),
    suggestions: t('Suggestions'),
    filters: t('Search and filters'),
    count: (count) => t('{{count}} entries', { count }),
    countOf: (shown, total) => t('{{shown, number}} of {{total, number}}', { shown, total }),
    noMatch: t('Nothing matches'),
    noMatchHint: t('Change the search or the filters to see more.'),
    clearFilters: t('Clear filters'),
    nothingToChoose: t('Nothing to choose from'),
    selectRow: ({ name }) => t('Select {{name}}', { name }),
    selectAll: (count) => t('Select all {{count}} that match', { count }),
  };
}
