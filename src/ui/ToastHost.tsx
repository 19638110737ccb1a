import { Alert, AlertActionCloseButton, AlertGroup } from '@patternfly/react-core';
import { useSyncExternalStore } from 'use-sync-external-store/shim';

import { toastRemove, toastsNow, toastsSubscribe } from './toasts';

interface Props {
  /** Name of the region for screen readers. */
  label: string;
  /** Name of the button that closes a message. */
  closeLabel: string;
}

/** Shows the toasts of `toasts.ts`. Each page of ours renders one. */
export function ToastHost({ label, closeLabel }: Props) {
  const toasts = useSyncExternalStore(toastsSubscribe, toastsNow, toastsNow);
  return (
    <AlertGroup isToast isLiveRegion aria-label={label}>
      {toasts.map((toast) => (
        <Alert
          key={toast.id}
          component="h2"
          variant={toast.tone}
          title={toast.title}
          actionClose={
            <AlertActionCloseButton
              aria-label={`${closeLabel}: ${toast.title}`}
              onClose={() => toastRemove(toast.id)}
            />
          }
        >
          {toast.detail}
        </Alert>
      ))}
    </AlertGroup>
  );
}
