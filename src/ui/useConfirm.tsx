import { type ReactNode, useCallback, useState } from 'react';

import { ConfirmModal } from './ConfirmModal';
import type { ErrorText } from './ErrorText';

export interface ConfirmRequest {
  title: string;
  body: ReactNode;
  confirmLabel: string;
  isDanger?: boolean;
  /** Runs the action. A rejection is shown in the dialog, which stays open. */
  submit: () => Promise<void>;
}

interface Confirm {
  /** Opens the dialog. The function stays the same. */
  ask: (request: ConfirmRequest) => void;
  /** To be rendered by the page. */
  dialog: ReactNode;
}

/** A page's one confirmation dialog. `toErrorText` puts a rejection into words. */
export function useConfirm(
  cancelLabel: string,
  toErrorText: (error: unknown) => ErrorText,
): Confirm {
  const [request, setRequest] = useState<ConfirmRequest>();
  const [submitError, setSubmitError] = useState<ErrorText>();
  const [isSubmitting, setSubmitting] = useState(false);

  const ask = useCallback((next: ConfirmRequest) => {
    setSubmitError(undefined);
    setSubmitting(false);
    setRequest(next);
  }, []);
  if (!request) return { ask, dialog: null };

  const submit = async () => {
    setSubmitting(true);
    setSubmitError(undefined);
    try {
      await request.submit();
      setRequest((open) => (open === request ? undefined : open));
    } catch (error) {
      setSubmitError(toErrorText(error));
    }
    setSubmitting(false);
  };
  return {
    ask,
    dialog: (
      <ConfirmModal
        title={request.title}
        confirmLabel={request.confirmLabel}
        cancelLabel={cancelLabel}
        isDanger={request.isDanger === true}
        isSubmitting={isSubmitting}
        submitError={submitError}
        onConfirm={() => void submit()}
        onCancel={() => setRequest(undefined)}
      >
        {request.body}
      </ConfirmModal>
    ),
  };
}
