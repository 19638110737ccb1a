import { Button, ToolbarItem, Tooltip } from '@patternfly/react-core';
import ColumnsIcon from '@patternfly/react-icons/dist/esm/icons/columns-icon';
import DownloadIcon from '@patternfly/react-icons/dist/esm/icons/download-icon';
import SitemapIcon from '@patternfly/react-icons/dist/esm/icons/sitemap-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { VmListRow } from '~/kubevirt/vmListRow';
import { textDownload } from '~/ui/textDownload';

import { toCsv } from './csv';
import { ManageColumnsModal } from './ManageColumnsModal';
import type { VmColumn } from './vmColumns';

interface Props {
  all: readonly VmColumn[];
  columns: readonly VmColumn[];
  rows: readonly VmListRow[];
  shown: readonly string[] | undefined;
  onColumns: (shown: readonly string[] | undefined) => void;
  /** Undefined where there is no tree. */
  tree: { isOpen: boolean; onToggle: () => void } | undefined;
}

/** Buttons for the list as a whole: tree, columns, export. */
export function ListTools({ all, columns, rows, shown, onColumns, tree }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isManaging, setManaging] = useState(false);
  const treeLabel = tree?.isOpen ? t('Hide projects') : t('Show projects');
  return (
    <>
      {tree ? (
        <ToolbarItem className="vd-wide-only">
          <Tooltip content={treeLabel}>
            <Button
              variant="plain"
              icon={<SitemapIcon />}
              aria-label={treeLabel}
              aria-pressed={tree.isOpen}
              onClick={tree.onToggle}
            />
          </Tooltip>
        </ToolbarItem>
      ) : null}
      <ToolbarItem>
        <Tooltip content={t('Manage columns')}>
          <Button
            variant="plain"
            icon={<ColumnsIcon />}
            aria-label={t('Manage columns')}
            onClick={() => setManaging(true)}
          />
        </Tooltip>
      </ToolbarItem>
      <ToolbarItem>
        <Tooltip content={t('Export as CSV')}>
          <Button
            variant="plain"
            icon={<DownloadIcon />}
            aria-label={t('Export as CSV')}
            onClick={() => textDownload('virtual-machines.csv', toCsv(columns, rows), 'text/csv')}
          />
        </Tooltip>
      </ToolbarItem>
      {isManaging ? (
        <ManageColumnsModal
          columns={all}
          shown={shown}
          onSave={onColumns}
          onClose={() => setManaging(false)}
        />
      ) : null}
    </>
  );
}
