import {
  Button,
  Spinner,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { completeSearch } from '~/kubevirt/search/completeSearch';
import type { SearchMistake } from '~/kubevirt/search/search';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { FilterSelect } from '~/ui/FilterSelect';
import { SearchBox } from '~/ui/SearchBox';

import { facetOptions } from './facets';
import { FilterChips } from './FilterChips';
import { type Facet, facets, isFiltered, type ListState, withFilter } from './listState';
import { SavedSearchMenu } from './SavedSearchMenu';
import { useFacetTexts } from './useFacetTexts';

interface Props {
  state: ListState;
  rows: readonly VmListRow[];
  /** Rows that match. */
  shown: number;
  /** More rows are on the way. */
  isIncomplete: boolean;
  showsProjects: boolean;
  /** What of the search is not understood. */
  mistakes: readonly SearchMistake[];
  onChange: (change: Partial<ListState>) => void;
  /** Buttons at the end. */
  tools: ReactNode;
}

/** PatternFly keeps room for expandable filters, of which there are none. */
const TOOLBAR_SPACE = { rowGap: 'var(--pf-t--global--spacer--sm)', paddingBlock: 0 };

const ALWAYS: readonly Facet[] = ['status', 'project', 'node', 'os'];

/** Search, filters and how many rows are shown. */
export function ListToolbar(props: Props) {
  const { state, rows, onChange } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const { facetTitle, valueText } = useFacetTexts();
  const [wantsMore, setWantsMore] = useState(false);
  const isMore =
    wantsMore || facets.some((one) => !ALWAYS.includes(one) && state.filters[one].length > 0);
  const offered = facets.filter(
    (one) => (isMore || ALWAYS.includes(one)) && (one !== 'project' || props.showsProjects),
  );

  const commit = (text: string) =>
    onChange({ text: '', terms: [...new Set([...state.terms, text.trim()])] });

  return (
    <>
      <div className="vd-toolbar-line">
        <SearchBox
          label={t('Search')}
          placeholder={t('Name, IP address, status:running, memory>4Gi … ( / )')}
          clearLabel={t('Clear the search')}
          suggestionsLabel={t('Suggestions')}
          value={state.text}
          onChange={(text) => onChange({ text })}
          onCommit={commit}
          suggest={(text, cursor) =>
            completeSearch(text, cursor, rows).map(({ count, example, ...suggestion }) => ({
              ...suggestion,
              hint: count === undefined ? example : `${count}`,
              isFinal: count !== undefined,
            }))
          }
        />
        <SavedSearchMenu state={state} onChange={onChange} />
      </div>
      <Toolbar
        style={TOOLBAR_SPACE}
        aria-label={t('Search and filters')}
        inset={{ default: 'insetNone' }}
      >
        <ToolbarContent>
          {offered.map((facet) => (
            <ToolbarItem key={facet}>
              <FilterSelect
                label={facetTitle(facet)}
                options={() =>
                  facetOptions(rows, state, facet, Date.now()).map((one) => ({
                    ...one,
                    label: valueText(facet, one.value),
                  }))
                }
                chosen={state.filters[facet]}
                emptyText={t('Nothing to choose from')}
                onChange={(chosen) => onChange(withFilter(state, facet, chosen))}
              />
            </ToolbarItem>
          ))}
          {isMore ? null : (
            <ToolbarItem alignSelf="center">
              <Button variant="link" isInline onClick={() => setWantsMore(true)}>
                {t('More filters')}
              </Button>
            </ToolbarItem>
          )}
          <ToolbarGroup align={{ default: 'alignEnd' }} alignItems="center">
            <ToolbarItem alignSelf="center">
              <span role="status" className="vd-subtle">
                {isFiltered(state)
                  ? t('{{shown, number}} of {{total, number}}', {
                      shown: props.shown,
                      total: rows.length,
                    })
                  : t('{{count, number}} virtual machines', { count: rows.length })}{' '}
                {props.isIncomplete ? <Spinner size="sm" aria-label={t('Loading more')} /> : null}
              </span>
            </ToolbarItem>
            {props.tools}
          </ToolbarGroup>
        </ToolbarContent>
      </Toolbar>
      <FilterChips state={state} onChange={onChange} />
      {props.mistakes.map(({ term, example }) => (
        <div key={term} className="vd-hint" role="status">
          {example === ''
            ? t('“{{term}}” is not understood.', { term })
            : t('“{{term}}” is not understood. Try {{example}}.', { term, example })}
        </div>
      ))}
    </>
  );
}
