import { Button, Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { allRows, facets, isFiltered, type ListState, withFilter } from './listState';
import { useFacetTexts } from './useFacetTexts';

interface Props {
  state: ListState;
  onChange: (change: Partial<ListState>) => void;
}

/** All that the list is narrowed by, each to be taken away. */
export function FilterChips({ state, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const { facetTitle, valueText } = useFacetTexts();
  const chosen = facets.filter((facet) => state.filters[facet].length > 0);
  if (!isFiltered(state) || (chosen.length === 0 && state.terms.length === 0)) return null;
  return (
    <div className="vd-chips">
      {state.terms.length > 0 ? (
        <LabelGroup categoryName={t('Search')} numLabels={10}>
          {state.terms.map((term) => (
            <Label
              key={term}
              variant="outline"
              onClose={() => onChange({ terms: state.terms.filter((one) => one !== term) })}
              closeBtnAriaLabel={t('Remove {{what}}', { what: term })}
            >
              {term}
            </Label>
          ))}
        </LabelGroup>
      ) : null}
      {chosen.map((facet) => (
        <LabelGroup key={facet} categoryName={facetTitle(facet)} numLabels={6}>
          {state.filters[facet].map((value) => (
            <Label
              key={value}
              variant="outline"
              onClose={() =>
                onChange(
                  withFilter(
                    state,
                    facet,
                    state.filters[facet].filter((one) => one !== value),
                  ),
                )
              }
              closeBtnAriaLabel={t('Remove {{what}}', { what: valueText(facet, value) })}
            >
              {valueText(facet, value)}
            </Label>
          ))}
        </LabelGroup>
      ))}
      <Button variant="link" isInline onClick={() => onChange(allRows)}>
        {t('Clear filters')}
      </Button>
    </div>
  );
}
