import { useState } from 'react';

import type { ErrorText } from './ErrorText';

/** The sending of a dialog: it stays open while it is under way, and with the refusal after it. */
export function useSubmit(
  toErrorText: (error: unknown) => ErrorText,
  send: () => Promise<void>,
  onDone: () => void,
) {
  const [isSubmitting, setSubmitting] = useState(false);
  const [submitError, setSubmitError] = useState<ErrorText>();
  const submit = async () => {
    setSubmitting(true);
    setSubmitError(undefined);
    try {
      await send();
      onDone();
    } catch (error) {
      setSubmitting(false);
      setSubmitError(toErrorText(error));
    }
  };
  return { isSubmitting, submitError, submit: () => void submit() };
}
