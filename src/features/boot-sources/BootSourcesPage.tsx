import { Button, Flex, PageSection, Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useBootSources } from '~/api/bootSources';
import { useWatchList } from '~/api/useWatch';
import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import { virtualMachines } from '~/k8s/models';
import { formatBytes } from '~/k8s/quantity';
import { bootSourcesOf } from '~/kubevirt/bootSourceObjects';
import type { BootSourceRow } from '~/kubevirt/bootSources';
import { ActionMenu } from '~/ui/ActionMenu';
import { CardTable } from '~/ui/CardTable';
import { DialogHost } from '~/ui/DialogHost';
import { dialogOpen } from '~/ui/dialogs';
import { ErrorState } from '~/ui/ErrorState';
import { LoadingState } from '~/ui/LoadingState';
import { ToastHost } from '~/ui/ToastHost';

import { BootSourceAddModal } from './BootSourceAddModal';
import { BootSourceDefaultsModal, BootSourceDeleteModal } from './BootSourceDialogs';

interface Props {
  /** As the console says it: `#ALL_NS#` for all. */
  namespace?: string;
}

const nameOfKey = (key: string) => key.split('/').at(-1) ?? '';

/** The images that virtual machines are made from. */
export default function BootSourcesPage({ namespace }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const scope = namespaceScope(namespace);
  const sources = useBootSources(scope);
  const vms = useWatchList({ model: virtualMachines, namespace: undefined, toRow: bootSourcesOf });
  const used = vms.state === 'ready' ? vms.data.rows : [];
  const usersOf = ({ key }: BootSourceRow) =>
    used.filter((one) => one.sources.includes(key)).map(({ vm }) => vm);
  const rows = sources.rows
    .filter((row) => scope === undefined || row.namespace === scope)
    .sort((a, b) => a.key.localeCompare(b.key));
  return (
    <>
      <DocumentTitle>{t('Boot sources')}</DocumentTitle>
      <NamespaceBar />
      <PageSection hasBodyWrapper={false}>
        <Flex justifyContent={{ default: 'justifyContentSpaceBetween' }}>
          <Title headingLevel="h1">{t('Boot sources')}</Title>
          <Button
            onClick={() =>
              dialogOpen((close) => <BootSourceAddModal namespace={scope} onClose={close} />)
            }
          >
            {t('Add boot source')}
          </Button>
        </Flex>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        {sources.failure ? (
          <ErrorState
            title={t(sources.failure.title)}
            detail={sources.failure.detail}
            isForbidden={sources.failure.status === 403}
            retryLabel={t('Retry')}
            onRetry={() => window.location.reload()}
          />
        ) : sources.isLoading ? (
          <LoadingState label={t('Loading the boot sources')} />
        ) : (
          <CardTable
            id="vd-boot-sources"
            title={t('Images that virtual machines are made from')}
            rows={rows}
            rowKey={({ key }) => key}
            emptyText={t('There are none here.')}
            columns={[
              { title: t('Name'), width: 20, cell: (row) => <NameCell row={row} /> },
              { title: t('Project'), width: 15, cell: (row) => row.namespace },
              {
                title: t('Status'),
                width: 20,
                cell: ({ isReady, reason }) =>
                  isReady ? t('Ready') : reason || t('Being prepared'),
              },
              {
                title: t('Size'),
                isShort: true,
                cell: ({ bytes }) => (bytes === undefined ? '' : formatBytes(bytes)),
              },
              { title: t('Instance type'), cell: (row) => nameOfKey(row.instancetype) },
              { title: t('Preference'), cell: (row) => nameOfKey(row.preference) },
              {
                title: t('Used by'),
                isShort: true,
                cell: (row) => t('{{count}} VMs', { count: usersOf(row).length }),
              },
              {
                title: t('Actions'),
                isShort: true,
                cell: (row) => <RowMenu row={row} users={usersOf(row)} />,
              },
            ]}
          />
        )}
      </PageSection>
      <DialogHost />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}

function NameCell({ row }: { row: BootSourceRow }) {
  return (
    <>
      {row.name}
      {row.title === row.name ? null : <div className="vd-hint">{row.title}</div>}
    </>
  );
}

function RowMenu({ row, users }: { row: BootSourceRow; users: readonly string[] }) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <ActionMenu label={t('Actions for {{name}}', { name: row.name })}>
      {(items) =>
        items([
          {
            id: 'defaults',
            label: t('Edit defaults'),
            run: () => dialogOpen((close) => <BootSourceDefaultsModal row={row} onClose={close} />),
          },
          {
            id: 'delete',
            label: t('Delete'),
            isDanger: true,
            run: () =>
              dialogOpen((close) => (
                <BootSourceDeleteModal row={row} users={users} onClose={close} />
              )),
          },
        ])
      }
    </ActionMenu>
  );
}
