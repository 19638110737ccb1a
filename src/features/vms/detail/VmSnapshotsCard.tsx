import { useTranslation } from 'react-i18next';

import { useServed } from '~/api/discovery';
import { useWatchList } from '~/api/useWatch';
import type { VmRef } from '~/api/vms';
import { Link, vmHref } from '~/console/navigation';
import { Timestamp } from '~/console/Timestamp';
import { rowsOf } from '~/k8s/Watched';
import { virtualMachineSnapshots } from '~/k8s/models';
import { toSnapshotRow } from '~/kubevirt/vmSnapshots';
import { CardTable } from '~/ui/CardTable';

import { SnapshotState } from './SnapshotState';

const mostShown = 3;

/** The latest snapshots; nothing where the cluster takes none. What is done with them is on their tab. */
export function VmSnapshotsCard({ vm: { namespace, name } }: { vm: VmRef }) {
  const { t } = useTranslation('plugin__virtdeck');
  const isServed = useServed(virtualMachineSnapshots) === true;
  const snapshots = useWatchList(
    isServed ? { model: virtualMachineSnapshots, namespace, toRow: toSnapshotRow } : undefined,
  );
  if (!isServed) return null;
  const rows = (rowsOf(snapshots) ?? [])
    .filter((one) => one.vm === name)
    .sort((a, b) => (a.created < b.created ? 1 : -1));
  const emptyTexts = {
    ready: t('No snapshots yet.'),
    loading: t('Loading'),
    error: snapshots.state === 'error' ? snapshots.error.detail : '',
  };
  return (
    <CardTable
      id="vd-latest-snapshots"
      title={t('Snapshots')}
      emptyText={emptyTexts[snapshots.state]}
      rows={rows.slice(0, mostShown)}
      rowKey={(one) => one.name}
      columns={[
        {
          title: t('Name'),
          cell: (one) => <Link to={vmHref({ namespace, name }, 'snapshots')}>{one.name}</Link>,
        },
        {
          title: t('Taken'),
          cell: ({ created }) => (created === '' ? '' : <Timestamp timestamp={created} />),
        },
        { title: t('State'), cell: (one) => <SnapshotState snapshot={one} /> },
      ]}
    />
  );
}
