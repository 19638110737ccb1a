import { Button, PageSection } from '@patternfly/react-core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { useTemplates } from '~/api/templates';
import { useLoadFailure } from '~/api/useLoadFailure';
import { resourceListHref, useLocation, useNavigate } from '~/console/navigation';
import { rowsOf } from '~/k8s/Watched';
import { apiVersion, vmTemplates } from '~/k8s/models';
import type { TemplateRow } from '~/kubevirt/templates/templateRow';
import { ActionMenu } from '~/ui/ActionMenu';
import { dialogOpen } from '~/ui/dialogs';
import { EmptyPage } from '~/ui/EmptyPage';
import { ErrorState } from '~/ui/ErrorState';
import { FilteredTable } from '~/ui/FilteredTable';
import { LoadingState } from '~/ui/LoadingState';
import { PageHeading } from '~/ui/PageHeading';

import { useTableTexts } from '../object/useTableTexts';
import { SaveAsTemplateModal } from './SaveAsTemplateModal';
import { templateColumns, templateFacets, templateHref } from './templateColumns';
import { useTemplateUsers } from './templateUsers';
import { useTemplateActions } from './useTemplateActions';

const keyOf = ({ key }: TemplateRow) => key;
const searched = ({ name, title, description, os, namespace, source }: TemplateRow) => [
  ...[name, title, description, os, namespace, source],
];
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
  const rows = rowsOf(watched) ?? [];
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

  const columns = templateColumns(t, menu);
  const facets = templateFacets(t);
  const createMenu = hasOwn ? (
    <ActionMenu label={t('Create template')} text={t('Create template')} isPrimary>
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
      <PageHeading
        title={t('Templates')}
        lead={t('Virtual machines to be made again and again.')}
        action={createMenu}
      />
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
            onOpen={(row) => void navigate(templateHref(row))}
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
