import {
  Alert,
  Button,
  Form,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalVariant,
} from '@patternfly/react-core';
import type { FormEvent, ReactNode } from 'react';

import type { ErrorText } from './ErrorText';

interface Props {
  title: string;
  description?: string;
  children: ReactNode;
  submitLabel: string;
  cancelLabel: string;
  isSubmitting: boolean;
  /** Reason why nothing can be sent now; shown beside the button. */
  submitDisabledReason?: string | undefined;
  /** What no field can show by itself. The dialog stays open and the values are kept. */
  submitError: ErrorText | undefined;
  /** Selector of the field that gets the focus first. */
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
    <Modal
      isOpen
      variant={ModalVariant.medium}
      onClose={props.onCancel}
      aria-labelledby="vd-form-modal-title"
      {...(props.elementToFocus ? { elementToFocus: props.elementToFocus } : {})}
    >
      <ModalHeader
        title={props.title}
        labelId="vd-form-modal-title"
        {...(props.description ? { description: props.description } : {})}
      />
      <ModalBody tabIndex={0} role="region" aria-labelledby="vd-form-modal-title">
        <Form id={FORM_ID} onSubmit={onSubmit} noValidate>
          {props.submitError ? (
            <Alert
              isInline
              component="h2"
              variant="danger"
              title={props.submitError.title}
              isLiveRegion
            >
              {props.submitError.detail}
            </Alert>
          ) : null}
          {props.children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={FORM_ID}
          isDisabled={props.isSubmitting || props.submitDisabledReason !== undefined}
          isLoading={props.isSubmitting}
        >
          {props.submitLabel}
        </Button>
        <Button variant="link" onClick={props.onCancel}>
          {props.cancelLabel}
        </Button>
        {props.extraActions}
        {props.submitDisabledReason !== undefined ? (
          <span className="vd-hint">{props.submitDisabledReason}</span>
        ) : null}
      </ModalFooter>
    </Modal>
  );
}
