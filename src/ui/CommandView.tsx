import { ClipboardCopy, ClipboardCopyVariant, ExpandableSection } from '@patternfly/react-core';
import { useState } from 'react';

import './ui.css';

interface Props {
  /** Text of the button that shows it. */
  label: string;
  copyLabel: string;
  copiedLabel: string;
  /** One line or several. */
  command: string;
  /** Shown below: the request itself. */
  request?: string | undefined;
}

/** The same for a terminal, to be copied; folded until it is asked for. */
export function CommandView({ label, copyLabel, copiedLabel, command, request }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <ExpandableSection
      toggleText={label}
      isExpanded={isOpen}
      onToggle={(_event, next) => setOpen(next)}
      isIndented
    >
      {isOpen ? (
        <ClipboardCopy
          isReadOnly
          isCode
          hoverTip={copyLabel}
          clickTip={copiedLabel}
          textAriaLabel={label}
          variant={
            command.includes('\n') || command.length > 60
              ? ClipboardCopyVariant.expansion
              : ClipboardCopyVariant.inline
          }
          isExpanded={command.includes('\n')}
        >
          {command}
        </ClipboardCopy>
      ) : null}
      {isOpen && request !== undefined ? (
        <pre className="vd-code vd-hint vd-request">{request}</pre>
      ) : null}
    </ExpandableSection>
  );
}
