import {
  Alert,
  Button,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalVariant,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';

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
    <Modal
      isOpen
      variant={ModalVariant.small}
      onClose={props.onCancel}
      aria-labelledby="vd-confirm-title"
      aria-describedby="vd-confirm-body"
      elementToFocus="#vd-confirm-submit"
    >
      <ModalHeader
        title={props.title}
        labelId="vd-confirm-title"
        {...(props.isDanger ? { titleIconVariant: 'warning' as const } : {})}
      />
      <ModalBody id="vd-confirm-body">
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
      </ModalBody>
      <ModalFooter>
        <Button
          id="vd-confirm-submit"
          variant={props.isDanger ? 'danger' : 'primary'}
          onClick={props.onConfirm}
          isDisabled={props.isSubmitting}
          isLoading={props.isSubmitting}
        >
          {props.confirmLabel}
        </Button>
        <Button variant="link" onClick={props.onCancel}>
          {props.cancelLabel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
