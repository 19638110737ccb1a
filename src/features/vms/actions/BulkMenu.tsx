import { useTranslation } from 'react-i18next';

import { useServedOf } from '~/api/discovery';
import { callTarget, callTargets } from '~/kubevirt/vmCall';
import { type VmAction, vmCan } from '~/kubevirt/vmCan';
import type { VmListRow } from '~/kubevirt/vmListRow';
import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';
import { dialogOpen } from '~/ui/dialogs';

import { BulkMetadataDialog, ProtectionDialog } from './BulkEditDialogs';
import { GroupDialog, RunStrategyDialog } from './EditDialogs';
import { bulkDeleteOpen, copyOpen } from './lazyDialogs';
import { PowerDialog } from './PowerDialog';
import { powerActions, useActionTexts } from './useActionTexts';
import { isOfInstances } from './useVmActions';

interface Props {
  vms: readonly VmListRow[];
  /** Called once something is under way: nothing stays selected for the next action. */
  onDone: () => void;
}

/** What can be done with several VMs. Each action asks first and says whom it leaves out, and why. */
export function BulkMenu({ vms, onDone }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const texts = useActionTexts();
  const isServed = useServedOf(Object.values(callTargets).map(({ model }) => model));
  const able = (action: VmAction) => vms.filter((vm) => vmCan(action, vm).allowed);
  const ofInstances = vms[0]?.isInstance === true;
  const actions = (): MenuAction[] => {
    const item = (
      id: string,
      action: VmAction,
      label: string,
      run: () => void,
      startsGroup = false,
    ): MenuAction => {
      const count = able(action).length;
      const { model, subresource } = callTarget(vms[0] ?? {}, action);
      const reason = isServed(model, subresource)
        ? count > 0
          ? undefined
          : t('None of them is in a state for this.')
        : t('This cluster does not offer it.');
      return {
        id,
        label: count > 0 && count < vms.length ? `${label} (${count})` : label,
        disabledReason: reason,
        startsGroup,
        run,
      };
    };
    const all: MenuAction[] = [
      ...powerActions.map((action) =>
        item(action, action, texts[action].label, () =>
          dialogOpen((close) => (
            <PowerDialog vms={vms} action={action} onClose={close} onDone={onDone} />
          )),
        ),
      ),
      item(
        'snapshot',
        'snapshot',
        t('Take snapshot'),
        () => copyOpen({ vms: able('snapshot'), copy: 'snapshot', onDone }),
        true,
      ),
      item('clone', 'clone', t('Clone'), () =>
        copyOpen({ vms: able('clone'), copy: 'clone', onDone }),
      ),
      item(
        'labels',
        'edit',
        t('Edit labels and annotations'),
        () =>
          dialogOpen((close) => (
            <BulkMetadataDialog vms={able('edit')} onClose={close} onDone={onDone} />
          )),
        true,
      ),
      item('group', 'edit', t('Move to group'), () =>
        dialogOpen((close) => <GroupDialog vms={able('edit')} onClose={close} onDone={onDone} />),
      ),
      item('protection', 'edit', t('Deletion protection'), () =>
        dialogOpen((close) => (
          <ProtectionDialog vms={able('edit')} onClose={close} onDone={onDone} />
        )),
      ),
      item('runStrategy', 'edit', t('Run strategy'), () =>
        dialogOpen((close) => (
          <RunStrategyDialog vms={able('edit')} onClose={close} onDone={onDone} />
        )),
      ),
      {
        ...item('delete', 'delete', t('Delete'), () => bulkDeleteOpen({ vms, onDone }), true),
        isDanger: true,
      },
    ];
    return ofInstances ? all.filter(({ id }) => isOfInstances(id)) : all;
  };
  return (
    <ActionMenu
      label={t('Actions for {{count}} selected', { count: vms.length })}
      text={vms.length === 0 ? t('Actions') : t('Actions ({{count}})', { count: vms.length })}
      isDisabled={vms.length === 0}
    >
      {(items) => items(actions())}
    </ActionMenu>
  );
}
