import { Button } from '@patternfly/react-core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { parseQuantity } from '~/k8s/quantity';
import type { VmDisk } from '~/kubevirt/vmDisks';
import { vmFacts } from '~/kubevirt/vmFacts';
import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';
import { CardTable } from '~/ui/CardTable';

import { DiskAddModal } from './DiskAddModal';
import {
  DiskDetachModal,
  DiskEditModal,
  DiskResizeModal,
  MediumEjectModal,
  MediumInsertModal,
} from './DiskModals';
import { diskColumns } from './VmDisksCard';
import type { VmTabProps } from './VmTab';

type Open =
  { what: 'add' } | { what: 'edit' | 'detach' | 'eject' | 'insert' | 'resize'; disk: VmDisk };

/** Disks of a VM, and what can be done with each. */
export function VmDisksTab({ vm, vmi, situation, editReason }: VmTabProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [open, setOpen] = useState<Open>();
  const { namespace } = vmFacts(vm, vmi);
  const { disks, claims } = situation;
  const claimOf = (disk: VmDisk) => claims.find(({ name }) => name === disk.sourceName);
  // Of a VM that is stopped nobody else tells that a volume was made larger.
  const bytesOf = (disk: VmDisk) => parseQuantity(claimOf(disk)?.capacity ?? '') ?? disk.bytes;

  const actionsOf = (disk: VmDisk): readonly MenuAction[] => {
    const isDrive = disk.kind === 'cdrom';
    const isEmpty = disk.sourceKind === '';
    const act = (what: Exclude<Open['what'], 'add'>, label: string, reason?: string) => ({
      id: what,
      label,
      disabledReason: editReason ?? reason,
      run: () => setOpen({ what, disk }),
    });
    return [
      act('edit', t('Edit')),
      ...(isDrive
        ? [isEmpty ? act('insert', t('Insert medium')) : act('eject', t('Eject medium'))]
        : []),
      act(
        'resize',
        t('Resize'),
        claimOf(disk) ? undefined : t('There is no volume claim behind it.'),
      ),
      { ...act('detach', t('Detach')), isDanger: true, startsGroup: true },
    ];
  };

  return (
    <>
      <CardTable
        id="vd-disks"
        title={t('Disks')}
        emptyText={t('It has no disks.')}
        rows={disks.map((disk) => ({ ...disk, bytes: bytesOf(disk) }))}
        rowKey={({ name }) => name}
        actions={
          <Button
            variant="secondary"
            isAriaDisabled={editReason !== undefined}
            title={editReason}
            onClick={() => setOpen({ what: 'add' })}
          >
            {t('Add disk')}
          </Button>
        }
        columns={[
          ...diskColumns(t),
          {
            title: t('Storage class'),
            isShort: true,
            cell: (disk) => claimOf(disk)?.storageClass,
          },
          {
            title: t('Boot'),
            isShort: true,
            cell: ({ bootOrder }) => (bootOrder === undefined ? '' : String(bootOrder)),
          },
          {
            title: t('Actions'),
            isShort: true,
            cell: (disk) => (
              <ActionMenu label={t('Actions for {{name}}', { name: disk.name })}>
                {(items) => items(actionsOf(disk))}
              </ActionMenu>
            ),
          },
        ]}
      />
      {open ? (
        <OpenModal
          open={open}
          vm={vm}
          vmi={vmi}
          resize={(disk) => (
            <DiskResizeModal
              claim={{ namespace, name: disk.sourceName }}
              bytes={disk.bytes ?? 0}
              onClose={() => setOpen(undefined)}
            />
          )}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </>
  );
}

type ModalProps = Pick<VmTabProps, 'vm' | 'vmi'> & {
  open: Open;
  resize: (disk: VmDisk) => ReactNode;
  onClose: () => void;
};

function OpenModal({ open, resize, ...props }: ModalProps) {
  switch (open.what) {
    case 'add':
      return <DiskAddModal {...props} />;
    case 'edit':
      return <DiskEditModal {...props} disk={open.disk.name} kind={open.disk.kind} />;
    case 'detach':
      return <DiskDetachModal {...props} disk={open.disk.name} />;
    case 'eject':
      return <MediumEjectModal {...props} disk={open.disk.name} />;
    case 'insert':
      return <MediumInsertModal {...props} disk={open.disk.name} />;
    case 'resize':
      return resize(open.disk);
  }
}
