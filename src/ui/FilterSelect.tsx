import { Badge, MenuToggle, Select, SelectList, SelectOption } from '@patternfly/react-core';
import { useState } from 'react';

import { landmark } from './landmark';

interface Option {
  value: string;
  label: string;
  count: number;
}

interface Props {
  /** What is chosen here: `Status`. */
  label: string;
  /** Asked for while the menu is open only. */
  options: () => readonly Option[];
  chosen: readonly string[];
  /** Text of an empty menu. */
  emptyText: string;
  onChange: (chosen: readonly string[]) => void;
}

/** A filter by several values; each says how many rows it has. */
export function FilterSelect({ label, options, chosen, emptyText, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  const shown = isOpen ? options() : [];
  return (
    <Select
      role="menu"
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={(_event, value) => toggle(String(value))}
      isScrollable
      popperProps={{ appendTo: landmark }}
      toggle={(toggleRef) => (
        <MenuToggle
          ref={toggleRef}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          badge={chosen.length > 0 ? <Badge isRead>{chosen.length}</Badge> : null}
        >
          {label}
        </MenuToggle>
      )}
    >
      <SelectList>
        {shown.map((option) => (
          <SelectOption
            key={option.value}
            value={option.value}
            hasCheckbox
            isSelected={chosen.includes(option.value)}
          >
            <span className="vd-option">
              <span>{option.label}</span>
              <span className="vd-subtle">{option.count}</span>
            </span>
          </SelectOption>
        ))}
        {shown.length === 0 ? <SelectOption isDisabled>{emptyText}</SelectOption> : null}
      </SelectList>
    </Select>
  );
}
