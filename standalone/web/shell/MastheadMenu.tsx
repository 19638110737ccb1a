import { Dropdown, MenuToggle, type MenuToggleElement } from '@patternfly/react-core';
import { type ReactNode, type Ref, useState } from 'react';

/** A menu of the masthead: a plain toggle and what it opens. Choosing closes it. */
export function MastheadMenu({
  label,
  icon,
  text,
  children,
}: {
  /** Name for those who do not see the toggle. */
  label: string;
  icon?: ReactNode;
  text?: ReactNode;
  children: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      onSelect={() => setIsOpen(false)}
      popperProps={{ position: 'right' }}
      toggle={(ref: Ref<MenuToggleElement>) => (
        <MenuToggle
          ref={ref}
          variant={text === undefined ? 'plain' : 'plainText'}
          aria-label={label}
          isExpanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          icon={icon}
        >
          {text}
        </MenuToggle>
      )}
    >
      {children}
    </Dropdown>
  );
}
