import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import ListIcon from '@patternfly/react-icons/dist/esm/icons/list-icon';
import ThLargeIcon from '@patternfly/react-icons/dist/esm/icons/th-large-icon';
import { useTranslation } from 'react-i18next';

import type { ListState } from './listState';

interface Props {
  view: ListState['view'];
  onView: (view: ListState['view']) => void;
}

/** The same VMs as rows of a table, or as pictures of their screens. */
export function ViewSwitch({ view, onView }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <ToggleGroup aria-label={t('View')} isCompact>
      <ToggleGroupItem
        icon={<ListIcon />}
        aria-label={t('Table')}
        isSelected={view === 'table'}
        onChange={() => onView('table')}
      />
      <ToggleGroupItem
        icon={<ThLargeIcon />}
        aria-label={t('Screens')}
        isSelected={view === 'screens'}
        onChange={() => onView('screens')}
      />
    </ToggleGroup>
  );
}
