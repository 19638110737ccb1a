import {
  Divider,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuToggle,
  type MenuToggleElement,
} from '@patternfly/react-core';
import EllipsisVIcon from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { Fragment, type ReactNode, type Ref, useState } from 'react';

import { landmark } from './landmark';

export interface MenuAction {
  id: string;
  label: string;
  /** Why it cannot be done now. The item stays reachable, so that the reason can be read. */
  disabledReason?: string | undefined;
  isDanger?: boolean;
  /** A line is drawn above. */
  startsGroup?: boolean;
  run: () => void;
}

interface Props {
  /** Name of the button for screen readers; also its text when `text` is not given. */
  label: string;
  /** Text of the button; three dots without it. */
  text?: string;
  isDisabled?: boolean;
  /** The action that its page is for. */
  isPrimary?: boolean;
  /** Called while the menu is open only, so that what it needs is asked for then. */
  children: (items: (actions: readonly MenuAction[]) => ReactNode) => ReactNode;
}

function items(actions: readonly MenuAction[]): ReactNode {
  return (
    <DropdownList>
      {actions.map((action) => (
        <Fragment key={action.id}>
          {action.startsGroup ? <Divider component="li" /> : null}
          <DropdownItem
            value={action.id}
            isAriaDisabled={action.disabledReason !== undefined}
            isDanger={action.isDanger === true && action.disabledReason === undefined}
            onClick={action.disabledReason === undefined ? action.run : () => undefined}
            {...(action.disabledReason !== undefined ? { description: action.disabledReason } : {})}
          >
            {action.label}
          </DropdownItem>
        </Fragment>
      ))}
    </DropdownList>
  );
}

/** A menu of actions. Disabled ones say why. */
export function ActionMenu(props: Props) {
  const { label, text, isDisabled = false, isPrimary = false, children } = props;
  const [isOpen, setOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const toggle = (toggleRef?: Ref<MenuToggleElement>) => (
    <MenuToggle
      {...(toggleRef ? { ref: toggleRef } : {})}
      variant={text === undefined ? 'plain' : isPrimary ? 'primary' : 'secondary'}
      aria-label={label}
      isExpanded={isOpen}
      isDisabled={isDisabled}
      onClick={() => {
        setWasOpened(true);
        // The first time the dropdown takes this button's place, and would see a click outside.
        if (wasOpened) setOpen(!isOpen);
        else setTimeout(() => setOpen(true));
      }}
    >
      {text ?? <EllipsisVIcon />}
    </MenuToggle>
  );
  // A dropdown listens to the whole window; a list has one in each row, of which few are opened.
  if (!wasOpened) return toggle();
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      shouldFocusToggleOnSelect
      shouldFocusFirstItemOnOpen
      isScrollable
      maxMenuHeight="max(14rem, 44vh)"
      popperProps={{
        position: 'right',
        // On a phone the button may stand at the left, where a menu on its right edge would be cut off.
        preventOverflow: true,
        maxWidth: 'min(22rem, calc(100vw - 4rem))',
        appendTo: landmark,
      }}
      toggle={toggle}
    >
      {isOpen ? children(items) : null}
    </Dropdown>
  );
}
