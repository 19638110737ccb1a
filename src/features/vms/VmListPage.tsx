import { Alert, Button, Flex, PageSection, Title } from '@patternfly/react-core';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import VirtualMachineIcon from '@patternfly/react-icons/dist/esm/icons/virtual-machine-icon';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useWatchList } from '~/api/useWatch';
import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import { useNavigate, vmHref } from '~/console/navigation';
import { virtualMachineInstances, virtualMachines } from '~/k8s/models';
import { EmptyPage } from '~/ui/EmptyPage';
import { LoadingState } from '~/ui/LoadingState';
import { ToastHost } from '~/ui/ToastHost';
import { useConfirm } from '~/ui/useConfirm';
import { VirtualTable } from '~/ui/VirtualTable';

import { useErrorText } from './useErrorText';
import { useVmListState } from './useVmListState';
import { VmCreateButton } from './VmCreateButton';
import { vmListColumns } from './vmListColumns';
import { createRowSort, filterRows, SORT_COLUMNS } from './vmListState';
import { NO_FILTERS, VmListToolbar } from './VmListToolbar';
import { createRowJoin, toVmiRow, toVmRow, type VmListRow } from '~/kubevirt/vmRow';
import { WatchError } from './WatchError';

interface Props {
  /** As the console says it: `#ALL_NS#` for all. */
  namespace?: string;
}

/** All VirtualMachines of a project, or of all. */
export default function VmListPage({ namespace }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const scope = namespaceScope(namespace);
  return (
    <>
      <DocumentTitle>{t('Virtual machines')}</DocumentTitle>
      <NamespaceBar />
      <PageSection hasBodyWrapper={false}>
        <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }}>
          <Title headingLevel="h1">{t('Virtual machines')}</Title>
          <VmCreateButton namespace={scope} />
        </Flex>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        {/* Another project is another list: nothing of the old one may remain. */}
        <VmList key={scope ?? ''} namespace={scope} />
      </PageSection>
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}

function VmList({ namespace }: { namespace: string | undefined }) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const [state, update] = useVmListState();
  const { ask, dialog } = useConfirm(t('Cancel'), useErrorText());
  const [join] = useState(createRowJoin);
  const [sortRows] = useState(createRowSort);
  const vms = useWatchList({ model: virtualMachines, namespace, toRow: toVmRow });
  const vmis = useWatchList({ model: virtualMachineInstances, namespace, toRow: toVmiRow });

  const vmRows = vms.state === 'ready' ? vms.data.rows : undefined;
  // Without the right to read instances the list still has names and statuses.
  const vmiRows = vmis.state === 'ready' ? vmis.data.rows : undefined;
  const rows = useMemo(() => join(vmRows ?? [], vmiRows ?? []), [join, vmRows, vmiRows]);
  const filtered = useMemo(() => filterRows(rows, state), [rows, state]);
  const { sort } = state;
  const sorted = useMemo(() => sortRows(filtered.rows, sort), [sortRows, filtered.rows, sort]);
  const columns = useMemo(
    () =>
      vmListColumns({
        t: (key, values = {}) => t(key, values),
        ask,
        showsProject: namespace === undefined,
      }),
    [t, ask, namespace],
  );

  const isEmptySoFar = vms.state === 'ready' && rows.length === 0 && !vms.data.complete;
  if (vms.state === 'loading' || isEmptySoFar) {
    return <LoadingState label={t('Loading virtual machines')} />;
  }
  if (vms.state === 'error') {
    return (
      <WatchError failure={vms.error} what={t('Virtual machines')} onRetry={() => vms.retry()} />
    );
  }
  const open = (row: VmListRow) => void navigate(vmHref(row));
  return (
    <>
      {vms.stale ? (
        <Alert
          isInline
          component="h2"
          variant="warning"
          title={t('The connection is lost; trying again')}
        >
          {t('You see the last known state.')} {vms.stale.detail}
        </Alert>
      ) : null}
      {vmis.state === 'error' ? (
        <Alert
          isInline
          component="h2"
          variant="warning"
          title={t('Nodes and addresses cannot be shown')}
        >
          {vmis.error.detail}{' '}
          <Button variant="link" isInline onClick={() => vmis.retry()}>
            {t('Retry')}
          </Button>
        </Alert>
      ) : null}
      {rows.length === 0 ? (
        <NoVms namespace={namespace} />
      ) : (
        <>
          <VmListToolbar
            state={state}
            filtered={filtered}
            total={rows.length}
            isIncomplete={!vms.data.complete}
            showsProjects={namespace === undefined}
            onChange={update}
          />
          {sorted.length === 0 && !vms.data.complete ? (
            <LoadingState label={t('Loading virtual machines')} />
          ) : sorted.length === 0 ? (
            <EmptyPage
              title={t('No virtual machine matches')}
              body={t('Change the search or the filters to see more.')}
              icon={SearchIcon}
              action={
                <Button variant="link" onClick={() => update(NO_FILTERS)}>
                  {t('Clear filters')}
                </Button>
              }
            />
          ) : (
            <VirtualTable
              label={t('Virtual machines')}
              columns={columns}
              rows={sorted}
              rowKey={(row) => row.key}
              sort={sort}
              onSort={({ column, direction }) => {
                const known = SORT_COLUMNS.find((one) => one === column);
                if (known) update({ sort: { column: known, direction } });
              }}
              onOpen={open}
            />
          )}
        </>
      )}
      {dialog}
    </>
  );
}

function NoVms({ namespace }: { namespace: string | undefined }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <EmptyPage
      icon={VirtualMachineIcon}
      title={t('No virtual machines yet')}
      body={
        namespace === undefined
          ? t('Create the first one from a prepared image; it takes a minute.')
          : t('There are none in project {{namespace}}. Create the first one; it takes a minute.', {
              namespace,
            })
      }
      action={<VmCreateButton namespace={namespace} />}
    />
  );
}
