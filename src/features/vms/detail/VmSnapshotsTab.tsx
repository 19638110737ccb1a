import { Alert, Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAccess } from '~/api/access';
import { useServed } from '~/api/discovery';
import { useWatchList } from '~/api/useWatch';
import { Timestamp } from '~/console/Timestamp';
import { rowsOf } from '~/k8s/Watched';
import {
  virtualMachineClones,
  virtualMachineExports,
  virtualMachineRestores,
  virtualMachineSnapshots,
} from '~/k8s/models';
import { vmFacts } from '~/kubevirt/vmFacts';
import { type SnapshotRow, toRestoreRow, toSnapshotRow } from '~/kubevirt/vmSnapshots';
import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';
import { CardTable } from '~/ui/CardTable';
import { EmptyPage } from '~/ui/EmptyPage';
import { LoadingState } from '~/ui/LoadingState';

import { cloneOpen, exportOpen } from '../actions/lazyDialogs';
import { WatchError } from '../WatchError';
import { type OpenSnapshot, SnapshotModal } from './SnapshotModal';
import { SnapshotState } from './SnapshotState';
import type { VmTabProps } from './VmTab';

/** Snapshots of a VM: take, restore, delete. */
export function VmSnapshotsTab(props: VmTabProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const served = useServed(virtualMachineSnapshots);
  if (served === undefined) return <LoadingState label={t('Loading')} />;
  if (served) return <Snapshots {...props} />;
  return (
    <EmptyPage
      title={t('The cluster takes no snapshots')}
      body={t('It does not serve snapshot.kubevirt.io.')}
    />
  );
}

const group = virtualMachineSnapshots.group;
const cloneGroup = { group: virtualMachineClones.group };
const exportGroup = { group: virtualMachineExports.group };

/** Why something may not be done; undefined when it may. */
function useReasons(namespace: string) {
  const { t } = useTranslation('plugin__virtdeck');
  const denied = t('You are not allowed to do this in project {{namespace}}.', { namespace });
  const reasonOf = ({ allowed, loading }: { allowed: boolean; loading: boolean }) =>
    loading || allowed ? undefined : denied;
  const where = { group, namespace };
  const noTake = reasonOf(
    useAccess({ verb: 'create', resource: 'virtualmachinesnapshots', ...where }),
  );
  const noRestore = reasonOf(
    useAccess({ verb: 'create', resource: 'virtualmachinerestores', ...where }),
  );
  const noClone = reasonOf(
    useAccess({ verb: 'create', resource: 'virtualmachineclones', ...cloneGroup, namespace }),
  );
  const noExport = reasonOf(
    useAccess({ verb: 'create', resource: 'virtualmachineexports', ...exportGroup, namespace }),
  );
  const noDelete = reasonOf(
    useAccess({ verb: 'delete', resource: 'virtualmachinesnapshots', ...where }),
  );
  return { noTake, noRestore, noClone, noExport, noDelete };
}

function Snapshots({ vm, vmi, situation }: VmTabProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [open, setOpen] = useState<OpenSnapshot>();
  const { namespace, name } = vmFacts(vm, vmi);
  const snapshots = useWatchList({
    model: virtualMachineSnapshots,
    namespace,
    toRow: toSnapshotRow,
  });
  const restores = useWatchList({ model: virtualMachineRestores, namespace, toRow: toRestoreRow });
  const { noTake, noRestore, noClone, noExport, noDelete } = useReasons(namespace);

  if (snapshots.state === 'error') {
    return (
      <WatchError
        failure={snapshots.error}
        what={t('Snapshots')}
        onRetry={() => snapshots.retry()}
      />
    );
  }
  const rows = (rowsOf(snapshots) ?? [])
    .filter((one) => one.vm === name)
    .sort((a, b) => (a.created < b.created ? 1 : -1));
  const own = (rowsOf(restores) ?? []).filter((one) => one.vm === name);
  const running = own.find(({ isComplete }) => !isComplete);
  const unable = (vm.status?.volumeSnapshotStatuses ?? []).filter(({ enabled }) => !enabled);

  const actionsOf = (snapshot: SnapshotRow): readonly MenuAction[] => [
    {
      ...{ id: 'restore', label: t('Restore') },
      disabledReason: noRestore ?? (snapshot.isReady ? undefined : t('It is not ready yet.')),
      run: () => setOpen({ what: 'restore', snapshot }),
    },
    {
      ...{ id: 'clone', label: t('Clone to a new virtual machine') },
      disabledReason: noClone ?? (snapshot.isReady ? undefined : t('It is not ready yet.')),
      run: () =>
        cloneOpen({
          namespace,
          source: { kind: 'VirtualMachineSnapshot', name: snapshot.name },
          isRunning: false,
        }),
    },
    {
      ...{ id: 'export', label: t('Export') },
      disabledReason: noExport ?? (snapshot.isReady ? undefined : t('It is not ready yet.')),
      run: () =>
        exportOpen({ source: { kind: 'VirtualMachineSnapshot', namespace, name: snapshot.name } }),
    },
    {
      ...{ id: 'delete', label: t('Delete'), isDanger: true, startsGroup: true },
      disabledReason: noDelete,
      run: () => setOpen({ what: 'delete', snapshot }),
    },
  ];
  return (
    <div className="vd-stack">
      {running ? (
        <Alert
          isInline
          component="h2"
          variant="info"
          title={t('Restoring {{name}}', { name: running.snapshot })}
        >
          {running.progress}
        </Alert>
      ) : null}
      <CardTable
        id="vd-snapshots"
        title={t('Snapshots')}
        emptyText={snapshots.state === 'ready' ? t('No snapshots yet.') : t('Loading')}
        rows={rows}
        rowKey={(one) => one.name}
        actions={
          <Button
            variant="secondary"
            isAriaDisabled={noTake !== undefined}
            title={noTake}
            onClick={() => setOpen({ what: 'take' })}
          >
            {t('Take snapshot')}
          </Button>
        }
        columns={[
          { title: t('Name'), cell: (one) => one.name },
          {
            title: t('Taken'),
            cell: ({ created }) => (created === '' ? '' : <Timestamp timestamp={created} />),
          },
          { title: t('State'), cell: (one) => <SnapshotState snapshot={one} /> },
          {
            title: t('Last restored'),
            cell: (one) => {
              const restored = own
                .filter(({ snapshot }) => snapshot === one.name)
                .map((r) => r.restored);
              const last = restored.sort().at(-1) ?? '';
              return last === '' ? '' : <Timestamp timestamp={last} />;
            },
          },
          {
            title: t('Indications'),
            cell: ({ indications }) =>
              indications.map(({ name, message }) => (
                <span key={name} title={message}>
                  {name}{' '}
                </span>
              )),
          },
          {
            title: t('Actions'),
            isShort: true,
            cell: (one) => (
              <ActionMenu label={t('Actions for {{name}}', { name: one.name })}>
                {(items) => items(actionsOf(one))}
              </ActionMenu>
            ),
          },
        ]}
      />
      {open ? (
        <SnapshotModal
          vm={{ namespace, name }}
          open={open}
          isRunning={vmi !== undefined}
          missing={unable.map((one) => `${one.name}: ${one.reason ?? ''}`)}
          diskNames={situation.disks.map((disk) => disk.name)}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </div>
  );
}
