import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { nicRemove } from '~/kubevirt/nicEdit';
import { type VmInterface, vmInterfaces } from '~/kubevirt/vmInterfaces';
import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';
import { CardTable } from '~/ui/CardTable';

import { NicModal } from './NicModal';
import { VmEditModal } from './VmEditModal';
import { interfaceColumns } from './VmNetworksCard';
import type { VmTabProps } from './VmTab';

type Open = { what: 'add' } | { what: 'edit' | 'remove'; name: string };

/** Network interfaces of a VM, and what can be done with each. */
export function VmNetworkTab({ vm, vmi, editReason }: VmTabProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [open, setOpen] = useState<Open>();
  const written = new Set(
    (vm.spec.template.spec?.domain.devices.interfaces ?? []).map(({ name }) => name),
  );
  const actionsOf = ({ name, state }: VmInterface): readonly MenuAction[] => {
    const reason =
      editReason ??
      (state === 'unplugging' ? t('It is being unplugged.') : undefined) ??
      (written.has(name)
        ? undefined
        : t('The virtual machine does not name it: only the guest has it.'));
    return [
      {
        ...{ id: 'edit', label: t('Edit'), disabledReason: reason },
        run: () => setOpen({ what: 'edit', name }),
      },
      {
        ...{ id: 'remove', label: t('Remove'), disabledReason: reason },
        ...{ isDanger: true, startsGroup: true },
        run: () => setOpen({ what: 'remove', name }),
      },
    ];
  };
  const close = () => setOpen(undefined);
  return (
    <>
      <CardTable
        id="vd-networks"
        title={t('Network interfaces')}
        emptyText={t('It has no network interfaces.')}
        rows={vmInterfaces(vm, vmi)}
        rowKey={({ key }) => key}
        actions={
          <Button
            variant="secondary"
            isAriaDisabled={editReason !== undefined}
            title={editReason}
            onClick={() => setOpen({ what: 'add' })}
          >
            {t('Add network interface')}
          </Button>
        }
        columns={[
          ...interfaceColumns(t),
          {
            title: t('Actions'),
            isShort: true,
            cell: (nic) => (
              <ActionMenu label={t('Actions for {{name}}', { name: nic.name || nic.guestName })}>
                {(items) => items(actionsOf(nic))}
              </ActionMenu>
            ),
          },
        ]}
      />
      {open?.what === 'add' ? <NicModal vm={vm} vmi={vmi} onClose={close} /> : null}
      {open?.what === 'edit' ? (
        <NicModal vm={vm} vmi={vmi} nic={open.name} onClose={close} />
      ) : null}
      {open?.what === 'remove' ? (
        <VmEditModal
          vm={vm}
          vmi={vmi}
          size="small"
          title={t('Remove network interface {{name}}?', { name: open.name })}
          submitLabel={t('Remove')}
          edit={(one) => nicRemove(one, open.name, { isRunning: vmi !== undefined })}
          onClose={close}
        >
          <p>{t('The guest loses this connection.')}</p>
        </VmEditModal>
      ) : null}
    </>
  );
}
