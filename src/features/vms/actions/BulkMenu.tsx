import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useAccesses } from '~/api/access';
import { useServedOf } from '~/api/discovery';
import type { AccessQuery } from '~/k8s/AccessReviews';
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

/** Actions of the menu, each with the right that it needs. */
const bulkActions = [
  ...powerActions,
  'snapshot',
  'clone',
  'edit',
  'delete',
] as const satisfies readonly VmAction[];
type BulkAction = (typeof bulkActions)[number];

/** In so many projects rights are asked for; where VMs of more are chosen the server is left to answer. */
const mostProjects = 4;

/** Why an action may be done to none of the VMs; undefined when it may, or is not known. */
function useDeniedReason(vms: readonly VmListRow[]): (action: BulkAction) => string | undefined {
  const { t } = useTranslation('plugin__virtdeck');
  const projects = [...new Set(vms.map(({ namespace }) => namespace))].sort();
  const asked = projects.length > mostProjects ? [] : projects;
  const queries: Record<string, AccessQuery> = {};
  for (const namespace of asked) {
    for (const action of bulkActions) {
      const { model, subresource, verb } = callTarget(vms[0] ?? {}, action);
      const { group, plural: resource } = model;
      queries[`${action} ${namespace}`] = { verb, group, resource, subresource, namespace };
    }
  }
  const access = useAccesses(queries);
  return (action) => {
    const answers = asked.map((namespace) => access(`${action} ${namespace}`));
    if (answers.length === 0 || answers.some(({ allowed, loading }) => allowed || loading)) {
      return undefined;
    }
    return t('You are not allowed to do this in project {{namespace}}.', {
      namespace: asked.join(', '),
    });
  };
}

/** What can be done with several VMs. Each action asks first and says whom it leaves out, and why. */
export function BulkMenu({ vms, onDone }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <ActionMenu
      label={t('Actions for {{count}} selected', { count: vms.length })}
      text={vms.length === 0 ? t('Actions') : t('Actions ({{count}})', { count: vms.length })}
      isDisabled={vms.length === 0}
    >
      {(items) => <BulkItems vms={vms} onDone={onDone} items={items} />}
    </ActionMenu>
  );
}

interface ItemsProps extends Props {
  items: (actions: readonly MenuAction[]) => ReactNode;
}

/** Rights are asked for when the menu is open, not at each selection. */
function BulkItems({ vms, onDone, items }: ItemsProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const texts = useActionTexts();
  const isServed = useServedOf(Object.values(callTargets).map(({ model }) => model));
  const deniedReason = useDeniedReason(vms);
  const able = (action: VmAction) => vms.filter((vm) => vmCan(action, vm).allowed);
  const ofInstances = vms[0]?.isInstance === true;
  const item = (
    id: string,
    action: BulkAction,
    label: string,
    run: () => void,
    startsGroup = false,
  ): MenuAction => {
    const count = able(action).length;
    const { model, subresource } = callTarget(vms[0] ?? {}, action);
    const reason = !isServed(model, subresource)
      ? t('This cluster does not offer it.')
      : count === 0
        ? t('None of them is in a state for this.')
        : deniedReason(action);
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
  return <>{items(ofInstances ? all.filter(({ id }) => isOfInstances(id)) : all)}</>;
}
