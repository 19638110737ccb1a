import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import type { VmListRow } from '~/kubevirt/vmListRow';
import { SideTree } from '~/ui/SideTree';

import type { ListState } from './listState';
import { projectTree } from './projectTree';

interface Props {
  rows: readonly VmListRow[];
  filters: ListState['filters'];
  onChoose: (filters: Pick<ListState['filters'], 'project' | 'group'>) => void;
}

/** Projects and the groups in them; what is chosen here is a filter like the others. */
export function ProjectTree({ rows, filters, onChoose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const allLabel = t('All projects');
  const nodes = useMemo(() => projectTree(rows, allLabel), [rows, allLabel]);
  const [project = '', otherProject] = filters.project;
  const [group = '', otherGroup] = filters.group;
  // Several at once are chosen in the menus only.
  const isOne = otherProject === undefined && otherGroup === undefined;
  return (
    <SideTree
      label={t('Projects and groups')}
      nodes={nodes}
      selected={isOne ? [project, group].filter(Boolean).join('/') : '-'}
      onSelect={(id) => {
        const [chosenProject = '', chosenGroup = ''] = id.split('/');
        onChoose({
          project: chosenProject === '' ? [] : [chosenProject],
          group: chosenGroup === '' ? [] : [chosenGroup],
        });
      }}
    />
  );
}
