import { Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { vmDo, vmTask } from '~/api/vms';
import { Timestamp } from '~/console/Timestamp';
import { toFailure } from '~/k8s/errors';
import { vmCan } from '~/kubevirt/vmCan';
import { vmFacts } from '~/kubevirt/vmFacts';
import { type MemoryDumpState, vmMemoryDump } from '~/kubevirt/vmMemoryDump';
import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';
import { CardTable } from '~/ui/CardTable';
import { toastAdd } from '~/ui/toasts';
import { ToneLabel } from '~/ui/ToneLabel';

import { exportOpen, memoryDumpOpen } from '../actions/lazyDialogs';
import type { VmTabProps } from './VmTab';

/** The memory dump of a VM: taken, downloaded, and let go of. */
export function VmMemoryDumpCard({ vm, vmi, editReason }: VmTabProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const facts = vmFacts(vm, vmi);
  const { namespace, name, memoryBytes = 0 } = facts;
  const dump = vmMemoryDump(vm);
  const verdict = vmCan('memoryDump', facts);
  const cannot = verdict.allowed ? undefined : t(verdict.reason);
  const waits = dump?.isUnderWay === true ? t('One is under way.') : undefined;
  const reason = editReason ?? cannot ?? waits;

  const remove = async () => {
    const title = t('Let go of the claim');
    try {
      await vmDo(title, vmTask({ namespace, name }, { action: 'removeMemoryDump' }));
    } catch (error) {
      toastAdd({ tone: 'danger', title, detail: toFailure(error).detail });
    }
  };
  const actionsOf = ({ claim, phase }: MemoryDumpState): readonly MenuAction[] => [
    {
      ...{ id: 'download', label: t('Download') },
      disabledReason: phase === 'Completed' ? undefined : t('It is not ready yet.'),
      run: () => exportOpen({ source: { kind: 'PersistentVolumeClaim', namespace, name: claim } }),
    },
    {
      ...{ id: 'remove', label: t('Let go of the claim'), startsGroup: true },
      disabledReason: editReason ?? waits,
      run: () => void remove(),
    },
  ];
  return (
    <CardTable
      id="vd-memory-dump"
      title={t('Memory dump')}
      emptyText={t('The memory has not been dumped yet.')}
      rows={dump ? [dump] : []}
      rowKey={({ claim }) => claim}
      actions={
        <Button
          variant="secondary"
          isAriaDisabled={reason !== undefined}
          title={reason}
          onClick={() =>
            memoryDumpOpen({ vm: { namespace, name }, memoryBytes, claim: dump?.claim })
          }
        >
          {t('Dump memory')}
        </Button>
      }
      columns={[
        { title: t('Volume claim'), cell: ({ claim }) => claim },
        {
          title: t('State'),
          cell: ({ phase, message, isUnderWay }) => (
            <>
              <ToneLabel isPlain tone={toneOf(phase, isUnderWay)} text={phase} />
              {message === '' ? null : <div className="vd-hint vd-server-text">{message}</div>}
            </>
          ),
        },
        { title: t('File'), cell: ({ file }) => file },
        {
          title: t('Ended'),
          cell: ({ ended }) => (ended === '' ? '' : <Timestamp timestamp={ended} />),
        },
        {
          title: t('Actions'),
          isShort: true,
          cell: (one) => (
            <ActionMenu label={t('Actions for {{name}}', { name: one.claim })}>
              {(items) => items(actionsOf(one))}
            </ActionMenu>
          ),
        },
      ]}
    />
  );
}

function toneOf(phase: string, isUnderWay: boolean) {
  if (isUnderWay) return 'progress';
  return phase === 'Completed' ? 'success' : 'danger';
}
