import { Button, Tooltip } from '@patternfly/react-core';
import { useState } from 'react';

import { useRefusal } from '../actions/useRefusal';
import type { VmActionItem } from '../actions/useVmActions';

interface HeaderButtonProps {
  id: string;
  actions: readonly VmActionItem[];
}

/** One of the actions that are wanted most. The server is asked whether it would do it when the pointer comes near. */
export function HeaderButton({ id, actions }: HeaderButtonProps) {
  const [isNear, setNear] = useState(false);
  const action = actions.find((one) => one.id === id);
  const refusal = useRefusal(isNear ? action?.call : undefined);
  if (!action) return null;
  const reason = action.disabledReason ?? (refusal === '' ? undefined : refusal);
  return (
    <Tooltip trigger="manual" isVisible={isNear && reason !== undefined} content={reason ?? ''}>
      <Button
        variant={id === 'start' ? 'primary' : 'secondary'}
        isAriaDisabled={reason !== undefined}
        onMouseEnter={() => setNear(true)}
        onMouseLeave={() => setNear(false)}
        onFocus={() => setNear(true)}
        onBlur={() => setNear(false)}
        onClick={action.run}
      >
        {action.label}
      </Button>
    </Tooltip>
  );
}
