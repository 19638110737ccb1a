import { Button } from '@patternfly/react-core';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import LockIcon from '@patternfly/react-icons/dist/esm/icons/lock-icon';

import { EmptyPage } from './EmptyPage';

interface Props {
  title: string;
  /** The server's own message. */
  detail: string;
  /** The user may not see this: a lock instead of an alarm. */
  isForbidden?: boolean;
  retryLabel: string;
  onRetry: () => void;
}

/** A page or a part of it could not be loaded. */
export function ErrorState({ title, detail, isForbidden, retryLabel, onRetry }: Props) {
  return (
    <EmptyPage
      title={title}
      body={<span className="vd-server-text">{detail}</span>}
      icon={isForbidden ? LockIcon : ExclamationCircleIcon}
      {...(isForbidden ? {} : { status: 'danger' as const })}
      action={
        <Button variant={isForbidden ? 'secondary' : 'primary'} onClick={onRetry}>
          {retryLabel}
        </Button>
      }
    />
  );
}
