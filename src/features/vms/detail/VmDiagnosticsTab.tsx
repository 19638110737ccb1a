import { useTranslation } from 'react-i18next';

import { vmConditions } from '~/kubevirt/vmConditions';
import { vmFacts } from '~/kubevirt/vmFacts';
import { CardTable } from '~/ui/CardTable';
import { ToneLabel } from '~/ui/ToneLabel';

import { VmConditionsCard } from './VmConditionsCard';
import { VmLogsCard } from './VmLogsCard';
import { VmMemoryDumpCard } from './VmMemoryDumpCard';
import type { VmTabProps } from './VmTab';

import './detail.css';

/** What the cluster says about a VM, and what its guest wrote. */
export function VmDiagnosticsTab(props: VmTabProps) {
  const { vm, vmi, situation } = props;
  const { t } = useTranslation('plugin__virtdeck');
  const { namespace } = vmFacts(vm, vmi);
  return (
    <div className="vd-stack">
      <VmConditionsCard conditions={vmConditions(vm)} />
      <VmMemoryDumpCard {...props} />
      <VmLogsCard namespace={namespace} pods={situation.pods} />
      <CardTable
        id="vd-claims"
        title={t('Volumes')}
        emptyText={t('It has no volumes of a claim.')}
        rows={situation.claims}
        rowKey={({ name }) => name}
        columns={[
          { title: t('Volume claim'), cell: ({ name }) => name },
          {
            title: t('State'),
            cell: ({ phase, resizing }) => (
              <>
                <ToneLabel isPlain tone={phase === 'Bound' ? 'success' : 'warning'} text={phase} />
                {resizing === '' ? null : <div className="vd-hint">{resizing}</div>}
              </>
            ),
          },
          { title: t('Size'), isShort: true, cell: ({ capacity }) => capacity },
          { title: t('Storage class'), cell: ({ storageClass }) => storageClass },
          { title: t('Access modes'), cell: ({ accessModes }) => accessModes.join(', ') },
        ]}
      />
      <CardTable
        id="vd-snapshot-ability"
        title={t('Ability to take snapshots')}
        emptyText={t('The cluster has not reported any yet.')}
        rows={vm.status?.volumeSnapshotStatuses ?? []}
        rowKey={({ name }) => name}
        columns={[
          { title: t('Disk'), cell: ({ name }) => name },
          {
            title: t('State'),
            cell: ({ enabled }) => (
              <ToneLabel
                isPlain
                tone={enabled ? 'success' : 'neutral'}
                text={enabled ? t('Yes') : t('No')}
              />
            ),
          },
          { title: t('Reason'), cell: ({ reason }) => reason },
        ]}
      />
    </div>
  );
}
