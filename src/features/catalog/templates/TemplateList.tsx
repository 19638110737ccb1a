import { Button, Flex, PageSection, Title } from '@patternfly/react-core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { templateModel, useTemplates } from '~/api/templates';
import { useLoadFailure } from '~/api/useLoadFailure';
import {
  Link,
  resourceHref,
  resourceListHref,
  useLocation,
  useNavigate,
} from '~/console/navigation';
import { apiVersion, vmTemplates } from '~/k8s/models';
import type { TemplateRow } from '~/kubevirt/templates/templateRow';
import { ActionMenu } from '~/ui/ActionMenu';
import { dialogOpen } from '~/ui/dialogs';
import { EmptyPage } from '~/ui/EmptyPage';
import { ErrorState } from '~/ui/ErrorState';
import { type Facet, FilteredTable, type SortableColumn } from '~/ui/FilteredTable';
import { LoadingState } from '~/ui/LoadingState';
import { ToneLabel } from '~/ui/ToneLabel';

import { useTableTexts } from '../object/useTableTexts';
import { SaveAsTemplateModal } from './SaveAsTemplateModal';
import { useTemplateUsers } from './templateUsers';
import { useTemplateActions } from './useTemplateActions';

const keyOf = ({ key }: TemplateRow) => key;
const searched = ({ name, title, description, os, namespace, source }: TemplateRow) => [
  ...[name, title, description, os, namespace, source],
];
const byName = (a: TemplateRow, b: TemplateRow) =>
  (a.title || a.name).localeCompare(b.title || b.name, undefined, { numeric: true });
const byText = (of: (row: TemplateRow) => string) => (a: TemplateRow, b: TemplateRow) =>
  of(a).localeCompare(of(b), undefined, { numeric: true }) || byName(a, b);

const href = ({ kind, namespace, name }: TemplateRow, tab?: string) =>
  resourceHref(templateModel(kind), { namespace, name }, tab);

/** A template to begin with: a small VM with a name and a boot source of its own. */
function seed(namespace: string) {
  const { kind } = vmTemplates;
  const virtualMachine = {
    ...{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' },
    metadata: { name: '${NAME}' },
    spec: {
      runStrategy: 'Always',
      dataVolumeTemplates: [
        {
          metadata: { name: '${NAME}-rootdisk' },
          spec: {
            sourceRef: { kind: 'DataSource', namespace: '', name: '' },
            storage: { resources: { requests: { storage: '30Gi' } } },
          },
        },
      ],
      instancetype: { name: 'u1.small' },
      template: {
        spec: {
          domain: {
            devices: { interfaces: [{ name: 'default', masquerade: {} }] },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'rootdisk', dataVolume: { name: '${NAME}-rootdisk' } }],
        },
      },
    },
  };
  const parameters = [
    { name: 'NAME', required: true, generate: 'expression', from: 'vm-[a-z0-9]{5}' },
  ];
  const metadata = { name: '', namespace };
  return {
    apiVersion: apiVersion(vmTemplates),
    kind,
    metadata,
    spec: { virtualMachine, parameters },
  };
}

/** The templates of a project, or of all. */
export function TemplateList({ namespace }: { namespace: string | undefined }) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const { search } = useLocation();
  const watched = useTemplates(namespace);
  const loadFailure = useLoadFailure();
  const hasOwn = useServed(vmTemplates) === true;
  const users = useTemplateUsers();
  const { own, rightsOf, create, remove, menu } = useTemplateActions(namespace, users);
  const texts = useTableTexts<TemplateRow>(t('Templates'));
  const rows = watched.state === 'ready' ? watched.data.rows : [];
  const from = new URLSearchParams(search).get('from') ?? '';
  const saveAs = (vm: string) =>
    dialogOpen((close) => <SaveAsTemplateModal namespace={namespace} vm={vm} onClose={close} />);
  // The address asks for the dialog, as the menu of a VM does.
  useEffect(() => {
    if (from === '' || namespace === undefined) return;
    // Once: neither a reload nor the way back opens it again.
    void navigate(resourceListHref(vmTemplates, namespace), { replace: true });
    dialogOpen((close) => (
      <SaveAsTemplateModal namespace={namespace} vm={`${namespace}/${from}`} onClose={close} />
    ));
  }, [from, namespace, navigate]);

  const columns: SortableColumn<TemplateRow>[] = [
    {
      ...{ id: 'name', title: t('Name'), width: 260, order: byName },
      render: (row) => (
        <>
          <Link to={href(row)} title={row.name}>
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
  const facets: Facet<TemplateRow>[] = [
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
  const createMenu = hasOwn ? (
    <ActionMenu label={t('Create template')} text={t('Create template')}>
      {(items) =>
        items([
          {
            ...{ id: 'vm', label: t('From a virtual machine'), disabledReason: own.create },
            run: () => saveAs(''),
          },
          {
            ...{ id: 'new', label: t('By form or YAML'), disabledReason: own.create },
            run: () => create(seed(namespace ?? 'default'), t('Create template')),
          },
        ])
      }
    </ActionMenu>
  ) : null;
  return (
    <>
      <PageSection hasBodyWrapper={false}>
        <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }}>
          <div>
            <Title headingLevel="h1">{t('Templates')}</Title>
            <p className="vd-subtle">{t('Virtual machines to be made again and again.')}</p>
          </div>
          {createMenu}
        </Flex>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        {watched.state === 'error' ? (
          <ErrorState
            {...loadFailure(watched.error, t('Templates'))}
            onRetry={() => watched.retry()}
          />
        ) : watched.state === 'loading' || (rows.length === 0 && !watched.data.complete) ? (
          <LoadingState label={t('Loading the templates')} />
        ) : rows.length === 0 ? (
          <EmptyPage
            title={t('No templates yet')}
            body={t('Make one of a virtual machine that is as you want it.')}
            action={
              hasOwn ? (
                <Button
                  isAriaDisabled={own.create !== undefined}
                  title={own.create}
                  onClick={() => (own.create === undefined ? saveAs('') : undefined)}
                >
                  {t('From a virtual machine')}
                </Button>
              ) : null
            }
          />
        ) : (
          <FilteredTable
            texts={texts}
            rows={rows}
            rowKey={keyOf}
            columns={columns}
            facets={facets}
            searched={searched}
            onOpen={(row) => void navigate(href(row))}
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
                      ...{
                        isDanger: true,
                        disabledReason: rightsOf(selected[0]?.kind ?? '').remove,
                      },
                      run: () => remove(selected, onDone),
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
