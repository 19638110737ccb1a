import type { ReactNode } from 'react';

import { DialogError, DialogFrame } from './DialogFrame';
import type { ErrorText } from './ErrorText';

interface Props {
  title: string;
  children: ReactNode;
  confirmLabel: string;
  cancelLabel: string;
  /** The action destroys something: the button is red. */
  isDanger?: boolean;
  isSubmitting: boolean;
  /** Shown above the text; the dialog stays open with it. */
  submitError: ErrorText | undefined;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before an action. It closes only when the caller takes it away. */
export function ConfirmModal(props: Props) {
  return (
    <DialogFrame
      id="vd-confirm"
      size="small"
      title={props.title}
      isDanger={props.isDanger === true}
      submitLabel={props.confirmLabel}
      cancelLabel={props.cancelLabel}
      isSubmitting={props.isSubmitting}
      elementToFocus="#vd-confirm-submit"
      onSubmit={props.onConfirm}
      onCancel={props.onCancel}
    >
      <DialogError error={props.submitError} />
      {props.children}
    </DialogFrame>
  );
}
