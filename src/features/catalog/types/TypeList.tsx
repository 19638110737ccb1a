import { Button, PageSection, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import type { TFunction } from 'i18next';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useTypeUsers } from '~/api/typeUsers';
import { useLoadFailure } from '~/api/useLoadFailure';
import { useWatchList } from '~/api/useWatch';
import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import {
  isPathOf,
  Link,
  resourceHref,
  resourceListHref,
  useLocation,
  useNavigate,
} from '~/console/navigation';
import { rowsOf } from '~/k8s/Watched';
import type { TypeRow } from '~/kubevirt/catalog/typeRows';
import { ActionMenu } from '~/ui/ActionMenu';
import { DialogHost } from '~/ui/DialogHost';
import { EmptyPage } from '~/ui/EmptyPage';
import { ErrorState } from '~/ui/ErrorState';
import { type Facet, FilteredTable, type SortableColumn } from '~/ui/FilteredTable';
import { LoadingState } from '~/ui/LoadingState';
import { PageHeading } from '~/ui/PageHeading';
import { ToastHost } from '~/ui/ToastHost';
import { ToneLabel } from '~/ui/ToneLabel';

import { useTableTexts } from '../object/useTableTexts';
import type { TypeFamily } from './families';
import { useTypeActions } from './useTypeActions';
import { useTypeTexts } from './useTypeTexts';

type T = TFunction<'plugin__virtdeck'>;

interface Props<Row extends TypeRow> {
  /** As the console says it; undefined for the cluster's. */
  namespace: string | undefined;
  family: TypeFamily<Row>;
  /** Columns and filters of its own, at module scope. */
  columns: (t: T) => readonly SortableColumn<Row>[];
  facets: (t: T) => readonly Facet<Row>[];
  order: (a: Row, b: Row) => number;
}

/** The list of instance types or of preferences, those of the cluster or of projects. */
export function TypeListPage<Row extends TypeRow>(props: Props<Row>) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { family } = props;
  const texts = useTypeTexts(family.use);
  const isProject = isPathOf(pathname, family.project);
  const model = isProject ? family.project : family.cluster;
  const namespace = isProject ? namespaceScope(props.namespace) : undefined;
  return (
    <>
      <DocumentTitle>{texts.plural}</DocumentTitle>
      {isProject ? <NamespaceBar /> : null}
      <List
        key={`${model.kind}/${namespace ?? ''}`}
        {...{ ...props, model, namespace }}
        tabs={
          <PageSection hasBodyWrapper={false} type="tabs">
            <Tabs
              aria-label={t('Scope')}
              activeKey={isProject ? 'project' : 'cluster'}
              usePageInsets
              onSelect={(_event, key) =>
                void navigate(resourceListHref(key === 'project' ? family.project : family.cluster))
              }
            >
              <Tab
                eventKey="cluster"
                tabContentId="vd-types-cluster"
                title={<TabTitleText>{t('Cluster')}</TabTitleText>}
              />
              <Tab
                eventKey="project"
                tabContentId="vd-types-project"
                title={<TabTitleText>{t('Projects')}</TabTitleText>}
              />
            </Tabs>
          </PageSection>
        }
      />
      <DialogHost />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}

type ListProps<Row extends TypeRow> = Props<Row> & {
  model: TypeFamily<Row>['cluster'];
  tabs: ReactNode;
};

/** A row with the number of its users; undefined where that is not known. */
type Counted<Row> = { row: Row; name: string; users: number | undefined };

function List<Row extends TypeRow>(props: ListProps<Row>) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const { family, model, namespace, order } = props;
  const watched = useWatchList<Row>({
    ...{ model, namespace },
    toRow: model.namespaced ? family.toProjectRow : family.toClusterRow,
  });
  const { users } = useTypeUsers();
  const { texts, rights, create, remove, menu } = useTypeActions(family, model, namespace, users);
  const loadFailure = useLoadFailure();
  const tableTexts = useTableTexts<Counted<Row>>(texts.plural);
  const rows = rowsOf(watched);
  const counted = useMemo(
    () => withUsers(rows ?? [], users, family.use),
    [rows, users, family.use],
  );
  const href = ({ row }: Counted<Row>, tab?: string) =>
    resourceHref(model, { namespace: row.namespace || undefined, name: row.name }, tab);

  const columns: SortableColumn<Counted<Row>>[] = [
    {
      ...{ id: 'name', title: t('Name'), width: 180 },
      order: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
      render: (one) => (
        <>
          <Link to={href(one)}>{one.name}</Link>{' '}
          {one.row.isDeprecated ? <ToneLabel tone="warning" text={t('Deprecated')} /> : null}
        </>
      ),
    },
    ...(model.namespaced
      ? [
          {
            ...{ id: 'project', title: t('Project'), width: 140 },
            order: (a: Counted<Row>, b: Counted<Row>) =>
              a.row.namespace.localeCompare(b.row.namespace),
            render: ({ row }: Counted<Row>) => row.namespace,
          },
        ]
      : []),
    ...props.columns(t).map(({ render, order: by, ...column }) => ({
      ...column,
      render: ({ row }: Counted<Row>) => render(row),
      ...(by && { order: (a: Counted<Row>, b: Counted<Row>) => by(a.row, b.row) }),
    })),
    {
      ...{ id: 'vendor', title: t('Vendor'), width: 110 },
      order: (a, b) => a.row.vendor.localeCompare(b.row.vendor) || order(a.row, b.row),
      render: ({ row }) => row.vendor || '–',
    },
    {
      ...{ id: 'users', title: t('Used by'), width: 100 },
      order: (a, b) => (a.users ?? 0) - (b.users ?? 0) || order(a.row, b.row),
      render: (one) =>
        one.users === undefined ? (
          '–'
        ) : (
          <Link to={href(one, 'vms')}>{t('{{count}} VMs', { count: one.users })}</Link>
        ),
    },
    {
      ...{ id: 'menu', title: t('Actions'), width: 56, isMenu: true },
      render: ({ row }) => (
        <ActionMenu label={t('Actions for {{name}}', { name: row.name })}>
          {(items) => items(menu(row, undefined))}
        </ActionMenu>
      ),
    },
  ];
  const facets: Facet<Counted<Row>>[] = [
    ...props.facets(t).map(({ valuesOf, ...facet }) => ({
      ...facet,
      valuesOf: ({ row }: Counted<Row>) => valuesOf(row),
    })),
    {
      ...{ id: 'vendor', label: t('Vendor') },
      valuesOf: ({ row }) => [row.vendor],
      text: (value) => value || t('None'),
    },
  ];
  const createButton = (
    <Button
      isAriaDisabled={rights.create !== undefined}
      title={rights.create}
      onClick={() => (rights.create === undefined ? create() : undefined)}
    >
      {texts.create}
    </Button>
  );
  return (
    <>
      <PageHeading title={texts.plural} lead={texts.lead} action={createButton} />
      {props.tabs}
      <PageSection
        hasBodyWrapper={false}
        isFilled
        id={model.namespaced ? 'vd-types-project' : 'vd-types-cluster'}
        role="tabpanel"
        aria-label={texts.plural}
      >
        {watched.state === 'error' ? (
          <ErrorState
            {...loadFailure(watched.error, texts.plural)}
            onRetry={() => watched.retry()}
          />
        ) : watched.state === 'loading' || (counted.length === 0 && !watched.data.complete) ? (
          <LoadingState label={texts.loading} />
        ) : counted.length === 0 ? (
          <EmptyPage title={texts.emptyTitle} body={texts.emptyHint} action={createButton} />
        ) : (
          <FilteredTable
            texts={tableTexts}
            rows={counted}
            rowKey={keyOf}
            columns={columns}
            defaultOrder={(a, b) => order(a.row, b.row)}
            facets={facets}
            searched={({ row }) => [row.name, row.title, row.namespace, row.vendor]}
            onOpen={(one) => void navigate(href(one))}
            bulk={(selected, onDone) => (
              <ActionMenu
                label={t('Actions for the selected')}
                text={t('Actions')}
                isDisabled={selected.length === 0}
              >
                {(items) =>
                  items([
                    {
                      ...{ id: 'delete', label: t('Delete {{count}}', { count: selected.length }) },
                      ...{ isDanger: true, disabledReason: rights.remove },
                      run: () =>
                        remove(
                          selected.map(({ row }) => row),
                          onDone,
                        ),
                    },
                  ])
                }
              </ActionMenu>
            )}
          />
        )}
      </PageSection>
    </>
  );
}

function keyOf({ row }: { row: TypeRow }): string {
  return row.key;
}

function withUsers<Row extends TypeRow>(
  rows: readonly Row[],
  users: ReturnType<typeof useTypeUsers>['users'],
  use: 'instancetype' | 'preference',
): Counted<Row>[] {
  const counts = new Map<string, number>();
  for (const user of users ?? []) counts.set(user[use], (counts.get(user[use]) ?? 0) + 1);
  return rows.map((row) => ({
    row,
    name: row.name,
    users: users && (counts.get(row.key) ?? 0),
  }));
}
