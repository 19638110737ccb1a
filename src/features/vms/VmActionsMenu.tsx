import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { ActionMenu, type MenuAction } from '~/ui/ActionMenu';
import type { ConfirmRequest } from '~/ui/useConfirm';

import { useVmActions, type VmActionPlace, type VmActionTarget } from './useVmActions';

interface Props {
  vm: VmActionTarget;
  ask: (request: ConfirmRequest) => void;
  /** Text of the button; three dots without it. */
  text?: string;
  place?: VmActionPlace;
}

/** All actions of a VM. Rights are asked for when the menu opens, not for every row of a list. */
export function VmActionsMenu({ vm, ask, text, place }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <ActionMenu
      label={t('Actions for {{name}}', { name: vm.name })}
      {...(text === undefined ? {} : { text })}
    >
      {(items) => <VmActionItems vm={vm} ask={ask} items={items} {...(place ? { place } : {})} />}
    </ActionMenu>
  );
}

interface ItemsProps extends Props {
  items: (actions: readonly MenuAction[]) => ReactNode;
}

function VmActionItems({ vm, ask, items, place }: ItemsProps) {
  return <>{items(useVmActions(vm, ask, place))}</>;
}
