import type { TFunction } from 'i18next';

import { templateModel } from '~/api/templates';
import { Link, resourceHref } from '~/console/navigation';
import type { TemplateRow } from '~/kubevirt/templates/templateRow';
import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';
import type { Facet, SortableColumn } from '~/ui/FilteredTable';
import { ToneLabel } from '~/ui/ToneLabel';

type T = TFunction<'plugin__virtdeck'>;

const byName = (a: TemplateRow, b: TemplateRow) =>
  (a.title || a.name).localeCompare(b.title || b.name, undefined, { numeric: true });
const byText = (of: (row: TemplateRow) => string) => (a: TemplateRow, b: TemplateRow) =>
  of(a).localeCompare(of(b), undefined, { numeric: true }) || byName(a, b);

/** The page of a template. */
export const templateHref = ({ kind, namespace, name }: TemplateRow) =>
  resourceHref(templateModel(kind), { namespace, name });

/** Columns of the list; `menu` gives the actions of a row. */
export function templateColumns(
  t: T,
  menu: (row: TemplateRow) => MenuAction[],
): SortableColumn<TemplateRow>[] {
  return [
    {
      ...{ id: 'name', title: t('Name'), width: 260, order: byName },
      render: (row) => (
        <>
          <Link to={templateHref(row)} title={row.name}>
            {row.title || row.name}
          </Link>{' '}
          {row.isDeprecated ? <ToneLabel tone="warning" text={t('Deprecated')} /> : null}
        </>
      ),
    },
    {
      ...{ id: 'project', title: t('Project'), width: 140 },
      order: byText(({ namespace: where }) => where),
      render: ({ namespace: where }) => where,
    },
    {
      ...{ id: 'os', title: t('OS'), width: 110, order: byText(({ os }) => os) },
      render: ({ os }) => os || '–',
    },
    {
      ...{ id: 'workload', title: t('Workload'), width: 110 },
      order: byText(({ workload }) => workload),
      render: ({ workload }) => workload || '–',
    },
    {
      ...{ id: 'source', title: t('Boot source'), width: 130 },
      order: byText(({ source }) => source),
      render: ({ source }) => source || '–',
    },
    {
      ...{ id: 'instancetype', title: t('Instance type'), width: 120 },
      order: byText(({ instancetype }) => instancetype),
      render: ({ instancetype }) => instancetype || '–',
    },
    {
      ...{ id: 'parameters', title: t('Parameters'), width: 110 },
      order: (a, b) => a.parameters - b.parameters || byName(a, b),
      render: ({ parameters }) => parameters,
    },
    {
      ...{ id: 'menu', title: t('Actions'), width: 56, isMenu: true },
      render: (row) => (
        <ActionMenu label={t('Actions for {{name}}', { name: row.name })}>
          {(items) => items(menu(row))}
        </ActionMenu>
      ),
    },
  ];
}

/** Filters of the list. */
export function templateFacets(t: T): Facet<TemplateRow>[] {
  return [
    {
      ...{ id: 'os', label: t('OS'), valuesOf: ({ os }) => [os] },
      text: (value) => value || t('None'),
    },
    {
      ...{ id: 'project', label: t('Project'), valuesOf: ({ namespace: where }) => [where] },
      text: (value) => value,
    },
    {
      ...{ id: 'workload', label: t('Workload'), valuesOf: ({ workload }) => [workload] },
      text: (value) => value || t('None'),
    },
    {
      ...{ id: 'kind', label: t('Kind'), valuesOf: ({ kind }) => [kind] },
      text: (value) => value,
    },
  ];
}
