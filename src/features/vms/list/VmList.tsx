import { Alert, Button, ToolbarItem } from '@patternfly/react-core';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { usePrometheus } from '~/api/metrics';
import { useStaleText } from '~/api/useStaleText';
import { instanceListHref, Link, useNavigate, vmHref } from '~/console/navigation';
import { isFieldName } from '~/kubevirt/search/search';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { EmptyPage } from '~/ui/EmptyPage';
import { LoadingState } from '~/ui/LoadingState';
import { noSelection } from '~/ui/rowSelection';
import { useStored } from '~/ui/stored';
import type { Column } from '~/ui/TableRow';
import { VirtualTable } from '~/ui/VirtualTable';
import { StaleAlert } from '~/ui/StaleAlert';

import { WatchError } from '../WatchError';
import { chosenColumns, useColumnChoice } from './columnChoice';
import { rowFilter } from './facets';
import './list.css';
import { allRows, type ListState } from './listState';
import { ListToolbar } from './ListToolbar';
import { ListTools } from './ListTools';
import { ProjectTree } from './ProjectTree';
import { createRowSort } from './rowSort';
import { useListState } from './useListState';
import { useVmRows } from './useVmRows';
import { ViewSwitch } from './ViewSwitch';
import { columnCell, type VmColumn, vmColumns } from './vmColumns';

// A feature does not import another, but the screens are another view of this list.
const ConsoleWall = lazy(() =>
  // eslint-disable-next-line import-x/no-restricted-paths -- a chunk of its own
  import('../../consoles/wall/ConsoleWall').then((module) => ({ default: module.ConsoleWall })),
);

interface Props {
  /** What is listed: VMs, or the instances that run without one. */
  kind?: 'vm' | 'instance';
  /** Undefined for all. */
  namespace: string | undefined;
  /** The menu of a row. At module scope, since rows are drawn again only when they change. */
  menu: (row: VmListRow) => ReactNode;
  /** What can be done with the selected ones. */
  bulk: (selected: readonly VmListRow[], onDone: () => void) => ReactNode;
  /** Shown instead of a list without any VM. */
  empty: ReactNode;
}

const MENU_WIDTH = 56;

function parseTreeOpen(json: unknown): boolean {
  return json === true;
}

/** Columns as the table wants them. */
function useTableColumns(
  columns: readonly VmColumn[],
  widths: Readonly<Record<string, number>>,
  menu: Props['menu'],
) {
  const { t } = useTranslation('plugin__virtdeck');
  return useMemo(
    () => [
      ...columns.map((column): Column<VmListRow> => ({
        id: column.id,
        title: column.title,
        width: widths[column.id] ?? column.width,
        // Names are what is read; once the user has set widths, those count.
        grows: column.id === 'name' && widths[column.id] === undefined,
        isSortable: true,
        render: (row) => columnCell(column, row),
      })),
      { id: 'menu', title: t('Actions'), width: MENU_WIDTH, isMenu: true, render: menu },
    ],
    [columns, widths, menu, t],
  );
}

/** The rows to show, in order; `now` is taken anew at each change of rows or search. */
function useShownRows(rows: readonly VmListRow[], columns: readonly VmColumn[], state: ListState) {
  const [sortRows] = useState(createRowSort);
  const { column: sortBy, direction } = state.sort;
  const order = (columns.find(({ id }) => id === sortBy) ?? columns[0])?.order;
  const sorted = useMemo(
    () => (order ? sortRows(rows, { order, direction }) : rows),
    [sortRows, rows, order, direction],
  );
  const { text, terms, filters } = state;
  const { shown, mistakes } = useMemo(() => {
    const filter = rowFilter({ text, terms, filters }, Date.now());
    const found = sorted.filter(filter.matches);
    if (found.length > 0 || !isFieldName(text)) return { shown: found, mistakes: filter.mistakes };
    // Somebody begins to write `status:`: to empty the list for that moment would only flicker.
    const others = rowFilter({ text: '', terms, filters }, Date.now());
    return { shown: sorted.filter(others.matches), mistakes: [] };
  }, [sorted, text, terms, filters]);
  return { shown, mistakes };
}

/** Columns that can be shown here, whether they are chosen or not. */
function useAllColumns(
  kind: 'vm' | 'instance',
  { hasProjects, hasMetrics }: { hasProjects: boolean; hasMetrics: boolean },
): readonly VmColumn[] {
  const { t } = useTranslation('plugin__virtdeck');
  return useMemo(
    () =>
      vmColumns((key, values = {}) => t(key, values)).filter(
        ({ id, use, isOf }) =>
          (id !== 'project' || hasProjects) &&
          (use === undefined || hasMetrics) &&
          (isOf === undefined || isOf === kind),
      ),
    [t, kind, hasProjects, hasMetrics],
  );
}

/** The list with its search, tree and tools, whatever state it is in. */
export function VmList({ kind = 'vm', namespace, menu, bulk, empty }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const staleText = useStaleText();
  const [state, update] = useListState();
  const [choice, setChoice] = useColumnChoice(kind, state, update);
  const [isTreeOpen, setTreeOpen] = useStored('virtdeck.vm-list.tree', parseTreeOpen);
  const [selection, setSelection] = useState(noSelection);

  // Without Prometheus, or the right to ask it, there are no columns of what it knows.
  const hasMetrics = usePrometheus(namespace).state === 'ready';
  const all = useAllColumns(kind, { hasProjects: namespace === undefined, hasMetrics });
  const columns = useMemo(() => chosenColumns(all, choice), [all, choice]);
  const uses = useMemo(() => columns.flatMap(({ use }) => use ?? []), [columns]);
  const tableColumns = useTableColumns(columns, choice.widths, menu);
  const [wantsClaims, setWantsClaims] = useState(false);
  const { vms, vmis, claims, metricsFailure, rows, isSwept, aloneCount } = useVmRows({
    kind,
    namespace,
    needsClaims: wantsClaims,
    uses,
  });
  const { shown, mistakes } = useShownRows(rows, all, state);
  const needsClaims =
    columns.some(({ id }) => id === 'storageclass') ||
    state.filters.storageclass.length > 0 ||
    [...state.terms, state.text].some((text) => text.includes('storageclass'));
  if (needsClaims !== wantsClaims) setWantsClaims(needsClaims);
  const selected = useMemo(
    () => (selection.keys.size === 0 ? [] : shown.filter(({ key }) => selection.keys.has(key))),
    [shown, selection],
  );

  const label = kind === 'vm' ? t('Virtual machines') : t('Instances without a virtual machine');
  const isEmptySoFar = vms.state === 'ready' && rows.length === 0 && !vms.data.complete;
  if (vms.state === 'loading' || isEmptySoFar) {
    return <LoadingState label={t('Loading virtual machines')} />;
  }
  if (vms.state === 'error') {
    return <WatchError failure={vms.error} what={label} onRetry={() => vms.retry()} />;
  }
  const hasGroups = namespace === undefined || rows.some(({ group }) => group !== '');
  return (
    <div className="vd-list">
      {vms.stale ? <StaleAlert {...staleText(vms.stale)} /> : null}
      {kind === 'vm' && vmis.state === 'error' ? (
        <PartMissing title={t('Nodes and addresses cannot be shown')} {...vmis} />
      ) : null}
      {claims.state === 'error' ? (
        <PartMissing title={t('Storage classes cannot be shown')} {...claims} />
      ) : null}
      {metricsFailure && uses.length > 0 ? (
        <PartMissing title={t('What they use cannot be shown')} error={metricsFailure} />
      ) : null}
      {isSwept ? (
        <div className="vd-hint">
          {t('These are the projects that you may see; they are read anew every few seconds.')}
        </div>
      ) : null}
      {kind === 'vm' && aloneCount > 0 ? (
        <div className="vd-hint">
          {t('{{count}} instances run without a virtual machine.', { count: aloneCount })}{' '}
          <Link to={instanceListHref(namespace)}>{t('Show them')}</Link>
        </div>
      ) : null}
      {rows.length === 0 ? (
        empty
      ) : (
        <div className={isTreeOpen && hasGroups ? 'vd-with-tree' : ''}>
          {isTreeOpen && hasGroups ? (
            <div className="vd-wide-only">
              <ProjectTree
                rows={rows}
                filters={state.filters}
                onChoose={(chosen) => update({ filters: { ...state.filters, ...chosen } })}
              />
            </div>
          ) : null}
          <div className="vd-list-main">
            <ListToolbar
              state={state}
              rows={rows}
              shown={shown.length}
              mistakes={mistakes}
              isIncomplete={!vms.data.complete}
              showsProjects={namespace === undefined}
              onChange={update}
              tools={
                <>
                  <ToolbarItem>
                    <ViewSwitch view={state.view} onView={(view) => update({ view })} />
                  </ToolbarItem>
                  <ToolbarItem>{bulk(selected, () => setSelection(noSelection))}</ToolbarItem>
                  <ListTools
                    all={all}
                    columns={columns}
                    rows={shown}
                    shown={choice.shown}
                    onColumns={(ids) => setChoice({ ...choice, shown: ids })}
                    tree={
                      hasGroups
                        ? { isOpen: isTreeOpen, onToggle: () => setTreeOpen(!isTreeOpen) }
                        : undefined
                    }
                  />
                </>
              }
            />
            {shown.length === 0 && !vms.data.complete ? (
              <LoadingState label={t('Loading virtual machines')} />
            ) : shown.length === 0 ? (
              <NoMatch onClear={() => update(allRows)} />
            ) : state.view === 'screens' ? (
              <Screens rows={shown} showsProjects={namespace === undefined} />
            ) : (
              <VirtualTable
                label={label}
                columns={tableColumns}
                rows={shown}
                rowKey={rowKey}
                sort={state.sort}
                onSort={(sort) => update({ sort })}
                onOpen={(row) => void navigate(vmHref(row))}
                selecting={{
                  selection,
                  onSelect: setSelection,
                  rowLabel: ({ name }) => t('Select {{name}}', { name }),
                  allLabel: t('Select all {{count}} that match', { count: shown.length }),
                }}
                resizing={{
                  label: (title) => t('Width of {{title}}', { title }),
                  onResize: (widths) =>
                    setChoice({ ...choice, widths: { ...choice.widths, ...widths } }),
                }}
              />
            )}
          </div>
        </div>
      )}
    </div>
  );
}

function rowKey({ key }: VmListRow): string {
  return key;
}

function NoMatch({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <EmptyPage
      title={t('No virtual machine matches')}
      body={t('Change the search or the filters to see more.')}
      icon={SearchIcon}
      action={
        <Button variant="link" onClick={onClear}>
          {t('Clear filters')}
        </Button>
      }
    />
  );
}

function Screens(props: { rows: readonly VmListRow[]; showsProjects: boolean }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <Suspense fallback={<LoadingState label={t('Loading')} />}>
      <ConsoleWall {...props} />
    </Suspense>
  );
}

interface PartMissingProps {
  title: string;
  error: { detail: string };
  /** Absent for what is asked for again by itself. */
  retry?: () => void;
}

/** The list is there, but one of the things that it is made of is not. */
function PartMissing({ title, error, retry }: PartMissingProps) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <Alert isInline component="h2" variant="warning" title={title}>
      {error.detail}{' '}
      {retry ? (
        <Button variant="link" isInline onClick={() => retry()}>
          {t('Retry')}
        </Button>
      ) : null}
    </Alert>
  );
}
