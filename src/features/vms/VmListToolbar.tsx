import {
  Button,
  SearchInput,
  Spinner,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { vmStatuses, vmStatusList } from '~/kubevirt/vmStatus';
import { FilterSelect } from '~/ui/FilterSelect';

import { type FilteredRows, isFiltered, type VmListState } from './vmListState';

interface Props {
  state: VmListState;
  filtered: FilteredRows;
  total: number;
  /** More rows are on the way. */
  isIncomplete: boolean;
  showsProjects: boolean;
  onChange: (change: Partial<VmListState>) => void;
}

export const NO_FILTERS = { name: '', statuses: [], projects: [] } satisfies Partial<VmListState>;

/** PatternFly keeps room for expandable filters, of which there are none. */
const TOOLBAR_SPACE = { rowGap: 0, paddingBlock: 0 };

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, canvas'))
  );
}

/** Search, filters and how many rows are shown. */
export function VmListToolbar(props: Props) {
  const { state, filtered, total, onChange } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const search = useRef<HTMLInputElement>(null);

  // Keyboard: "/" anywhere on the page goes to the search field, as on the console's own lists.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key !== '/' || !isPlain || isTyping(event.target)) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const counts = new Map(filtered.statuses.map(({ value, count }) => [value, count]));
  const statuses = vmStatusList
    .filter(({ status }) => counts.has(status))
    .map(({ status }) => ({
      value: status,
      label: t(vmStatuses[status].label),
      count: counts.get(status) ?? 0,
    }));

  return (
    <Toolbar
      style={TOOLBAR_SPACE}
      aria-label={t('Search and filters')}
      inset={{ default: 'insetNone' }}
    >
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            ref={search}
            aria-label={t('Search by name')}
            placeholder={t('Search by name ( / )')}
            value={state.name}
            onChange={(_event, name) => onChange({ name })}
            onClear={() => onChange({ name: '' })}
            resetButtonLabel={t('Clear the search')}
          />
        </ToolbarItem>
        <ToolbarItem>
          <FilterSelect
            label={t('Status')}
            options={statuses}
            chosen={state.statuses}
            emptyText={t('Nothing to choose from')}
            onChange={(chosen) => onChange({ statuses: chosen })}
          />
        </ToolbarItem>
        {props.showsProjects ? (
          <ToolbarItem>
            <FilterSelect
              label={t('Project')}
              options={filtered.projects.map((one) => ({ ...one, label: one.value }))}
              chosen={state.projects}
              emptyText={t('Nothing to choose from')}
              onChange={(chosen) => onChange({ projects: chosen })}
            />
          </ToolbarItem>
        ) : null}
        {isFiltered(state) ? (
          <ToolbarItem alignSelf="center">
            <Button variant="link" isInline onClick={() => onChange(NO_FILTERS)}>
              {t('Clear filters')}
            </Button>
          </ToolbarItem>
        ) : null}
        <ToolbarItem align={{ default: 'alignEnd' }} alignSelf="center">
          <span role="status" className="vd-subtle">
            {isFiltered(state)
              ? t('{{shown}} of {{total}}', { shown: filtered.rows.length, total })
              : t('{{count}} virtual machines', { count: total })}{' '}
            {props.isIncomplete ? <Spinner size="sm" aria-label={t('Loading more')} /> : null}
          </span>
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}
