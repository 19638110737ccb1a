import { Button, Flex, PageSection, Title } from '@patternfly/react-core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { useBootSources } from '~/api/bootSources';
import { importNow, useImportCrons } from '~/api/importCrons';
import { useErrorText } from '~/api/useErrorText';
import { useWatchList } from '~/api/useWatch';
import { NamespaceBar, namespaceScope } from '~/console/ActiveNamespace';
import { DocumentTitle } from '~/console/DocumentTitle';
import { useNavigate, vmWizardPresetHref } from '~/console/navigation';
import { Timestamp } from '~/console/Timestamp';
import { rowsOf } from '~/k8s/Watched';
import { virtualMachines } from '~/k8s/models';
import { formatBytes } from '~/k8s/quantity';
import { bootSourcesOf } from '~/kubevirt/bootSourceObjects';
import type { BootSourceRow } from '~/kubevirt/bootSources';
import type { ImportCronRow } from '~/kubevirt/importCrons';
import { ActionMenu } from '~/ui/ActionMenu';
import { CardTable } from '~/ui/CardTable';
import { DialogHost } from '~/ui/DialogHost';
import { dialogOpen } from '~/ui/dialogs';
import { ErrorState } from '~/ui/ErrorState';
import { LoadingState } from '~/ui/LoadingState';
import { toastAdd } from '~/ui/toasts';
import { ToastHost } from '~/ui/ToastHost';

import { BootSourceAddModal } from './BootSourceAddModal';
import { BootSourceDefaultsModal, BootSourceDeleteModal } from './BootSourceDialogs';
import { ScheduleModal } from './ScheduleModal';

// A feature does not import another, but uploads are seen on each page that begins them.
const RecentTasks = lazy(() =>
  // eslint-disable-next-line import-x/no-restricted-paths
  import('../tasks/RecentTasks').then((module) => ({ default: module.RecentTasks })),
);

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
  const crons = useImportCrons(scope);
  const cronOf = ({ key }: BootSourceRow) => crons.find(({ source }) => source === key);
  const vms = useWatchList({ model: virtualMachines, namespace: undefined, toRow: bootSourcesOf });
  const used = rowsOf(vms) ?? [];
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
              { title: t('Name'), width: 15, cell: (row) => <NameCell row={row} /> },
              { title: t('Project'), width: 15, cell: (row) => row.namespace },
              {
                title: t('Status'),
                width: 10,
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
                title: t('Updates'),
                width: 20,
                cell: (row) => <UpdatesCell cron={cronOf(row)} />,
              },
              {
                title: t('Used by'),
                isShort: true,
                cell: (row) => t('{{count}} VMs', { count: usersOf(row).length }),
              },
              {
                title: t('Actions'),
                isShort: true,
                cell: (row) => (
                  <RowMenu row={row} users={usersOf(row)} cron={cronOf(row)} project={scope} />
                ),
              },
            ]}
          />
        )}
      </PageSection>
      <Suspense fallback={null}>
        <RecentTasks namespace={scope} />
      </Suspense>
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

/** When a new image is looked for, and when the last one came. */
function UpdatesCell({ cron }: { cron: ImportCronRow | undefined }) {
  const { t } = useTranslation('plugin__virtdeck');
  if (!cron) return null;
  const times = [
    [t('Last import'), cron.lastImport],
    [t('Asked last'), cron.lastAsked],
    [t('Next'), cron.nextAsked],
  ].filter(([, time]) => time !== '');
  return (
    <>
      <code>{cron.schedule === '' ? t('Not by itself') : cron.schedule}</code>
      {times.map(([label = '', time = '']) => (
        <div key={label} className="vd-hint">
          {label} <Timestamp timestamp={time} simple />
        </div>
      ))}
      {cron.problem === '' ? null : <div className="vd-hint vd-server-text">{cron.problem}</div>}
    </>
  );
}

interface MenuProps {
  row: BootSourceRow;
  users: readonly string[];
  cron: ImportCronRow | undefined;
  /** Of the page, where a VM of it is made; undefined for all. */
  project: string | undefined;
}

function RowMenu({ row, users, cron, project }: MenuProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const navigate = useNavigate();
  const toErrorText = useErrorText();
  const ask = async (asked: ImportCronRow) => {
    try {
      await importNow(asked);
      toastAdd({ tone: 'success', title: t('A new image is being looked for') });
    } catch (error) {
      toastAdd({ tone: 'danger', ...toErrorText(error) });
    }
  };
  return (
    <ActionMenu label={t('Actions for {{name}}', { name: row.name })}>
      {(items) =>
        items([
          {
            id: 'create-vm',
            label: t('Create virtual machine'),
            disabledReason: row.isReady ? undefined : row.reason || t('Being prepared'),
            run: () => void navigate(vmWizardPresetHref({ source: row.key, project })),
          },
          ...(cron
            ? [
                {
                  id: 'import-now',
                  label: t('Import now'),
                  startsGroup: true as const,
                  run: () => void ask(cron),
                },
                {
                  id: 'schedule',
                  label: t('Edit schedule'),
                  run: () => dialogOpen((close) => <ScheduleModal cron={cron} onClose={close} />),
                },
              ]
            : []),
          {
            id: 'defaults',
            startsGroup: true,
            label: t('Edit defaults'),
            run: () => dialogOpen((close) => <BootSourceDefaultsModal row={row} onClose={close} />),
          },
          {
            id: 'delete',
            label: t('Delete'),
            isDanger: true,
            run: () =>
              dialogOpen((close) => (
                <BootSourceDeleteModal row={row} users={users} cron={cron} onClose={close} />
              )),
          },
        ])
      }
    </ActionMenu>
  );
}
