import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { VmListRow } from '~/kubevirt/vmListRow';
import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';

import { useVmActions, type VmActionPlace } from './useVmActions';

interface Props {
  vm: VmListRow;
  /** Text of the button; three dots without it. */
  text?: string;
  place?: VmActionPlace;
}

/** All actions of a VM. Rights are asked for when the menu opens, not for every row of a list. */
export function VmActionsMenu({ vm, text, place }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <ActionMenu
      label={t('Actions for {{name}}', { name: vm.name })}
      {...(text === undefined ? {} : { text })}
    >
      {(items) => <VmActionItems vm={vm} items={items} {...(place ? { place } : {})} />}
    </ActionMenu>
  );
}

interface ItemsProps extends Props {
  items: (actions: readonly MenuAction[]) => ReactNode;
}

function VmActionItems({ vm, items, place }: ItemsProps) {
  return <>{items(useVmActions(vm, { ...place, asksBefore: true }))}</>;
}
