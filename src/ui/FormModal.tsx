import { Form } from '@patternfly/react-core';
import type { FormEvent, ReactNode } from 'react';

import { DialogError, DialogFrame } from './DialogFrame';
import type { ErrorText } from './ErrorText';

interface Props {
  title: string;
  description?: string;
  size?: 'small' | 'medium' | 'large';
  isDanger?: boolean;
  children: ReactNode;
  submitLabel: string;
  cancelLabel: string;
  isSubmitting: boolean;
  /** Reason why nothing can be sent now; shown beside the button. */
  submitDisabledReason?: string | undefined;
  /** What no field can show by itself. The dialog stays open and the values are kept. */
  submitError: ErrorText | undefined;
  /** Selector of what gets the focus first, where it is not the first field. */
  elementToFocus?: string;
  /** More buttons, right of Cancel. */
  extraActions?: ReactNode;
  onSubmit: () => void;
  onCancel: () => void;
}

const FORM_ID = 'vd-form-modal';

/** A form in a dialog: Enter sends it, Escape closes it. */
export function FormModal(props: Props) {
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!props.isSubmitting && props.submitDisabledReason === undefined) props.onSubmit();
  };
  return (
    <DialogFrame
      id="vd-form-dialog"
      size={props.size ?? 'medium'}
      title={props.title}
      description={props.description}
      isDanger={props.isDanger === true}
      submitLabel={props.submitLabel}
      form={FORM_ID}
      cancelLabel={props.cancelLabel}
      isSubmitting={props.isSubmitting}
      submitDisabledReason={props.submitDisabledReason}
      elementToFocus={props.elementToFocus}
      extraActions={props.extraActions}
      onCancel={props.onCancel}
    >
      <Form id={FORM_ID} className="vd-form" onSubmit={onSubmit} noValidate>
        <DialogError error={props.submitError} />
        {props.children}
      </Form>
    </DialogFrame>
  );
}
