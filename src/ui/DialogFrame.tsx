import {
  Alert,
  Button,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  ModalVariant,
} from '@patternfly/react-core';
import { type ReactNode, useEffect, useRef } from 'react';

import type { ErrorText } from './ErrorText';

interface Props {
  /** Beginning of the ids in the dialog. */
  id: string;
  title: string;
  description?: string | undefined;
  size: 'small' | 'medium' | 'large';
  /** What it does destroys something: a sign beside the title, a red button. */
  isDanger?: boolean;
  submitLabel: string;
  /** Id of the form that the button sends; without one the button calls `onSubmit`. */
  form?: string;
  cancelLabel: string;
  isSubmitting: boolean;
  /** Reason why nothing can be sent now; shown beside the button. */
  submitDisabledReason?: string | undefined;
  /** Selector of what gets the focus first; without one the first field, else a button that harms nobody. */
  elementToFocus?: string | undefined;
  /** More buttons, right of Cancel. */
  extraActions?: ReactNode;
  onSubmit?: () => void;
  onCancel: () => void;
  children: ReactNode;
}

const VARIANTS = {
  small: ModalVariant.small,
  medium: ModalVariant.medium,
  large: ModalVariant.large,
};

/** What can be filled in, of a group of radio buttons the one that is chosen. */
const FIELD =
  ':is(input:not([type=radio], [type=file], [type=hidden], [readonly]), input[type=radio]:checked, select, textarea:not([readonly]), [role=combobox]):enabled';

/** The first of them in the document: the close button in the header is none of them. */
function firstFocus(id: string, isDanger: boolean): string {
  const submit = isDanger ? [] : [`#${id}-submit:enabled`];
  return [`#${id}-body ${FIELD}`, ...submit, `#${id}-cancel`].join(', ');
}

/** Brings the focus to the first field of a dialog whose fields come later than it does. */
function useLateFocus(id: string, isWanted: boolean): void {
  const isDone = useRef(!isWanted);
  // DOM: at each drawing, until there is a field.
  useEffect(() => {
    if (isDone.current) return;
    const body = document.getElementById(`${id}-body`);
    const field = body?.querySelector<HTMLElement>(FIELD);
    if (!field) return;
    isDone.current = true;
    if (!body?.contains(document.activeElement)) field.focus();
  });
}

/** Title, body and buttons of every dialog that does something. */
export function DialogFrame(props: Props) {
  useLateFocus(props.id, props.elementToFocus === undefined);
  const titleId = `${props.id}-title`;
  return (
    <Modal
      isOpen
      className="vd-dialog"
      variant={VARIANTS[props.size]}
      onClose={props.onCancel}
      aria-labelledby={titleId}
      aria-describedby={`${props.id}-body`}
      elementToFocus={props.elementToFocus ?? firstFocus(props.id, props.isDanger === true)}
    >
      <ModalHeader
        title={props.title}
        labelId={titleId}
        {...(props.description ? { description: props.description } : {})}
        {...(props.isDanger ? { titleIconVariant: 'warning' as const } : {})}
      />
      {/* It scrolls when it is long, which must be possible with the keyboard too. */}
      <ModalBody
        id={`${props.id}-body`}
        {...(props.size === 'small'
          ? {}
          : { tabIndex: 0, role: 'region', 'aria-labelledby': titleId })}
      >
        {props.children}
      </ModalBody>
      <ModalFooter>
        <Button
          id={`${props.id}-submit`}
          variant={props.isDanger ? 'danger' : 'primary'}
          isDisabled={props.isSubmitting || props.submitDisabledReason !== undefined}
          isLoading={props.isSubmitting}
          {...(props.form === undefined
            ? { onClick: props.onSubmit }
            : { type: 'submit' as const, form: props.form })}
        >
          {props.submitLabel}
        </Button>
        <Button id={`${props.id}-cancel`} variant="link" onClick={props.onCancel}>
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

/** A refusal, above what is to be changed: the dialog stays open with it. */
export function DialogError({ error }: { error: ErrorText | undefined }) {
  return error ? (
    <Alert isInline component="h2" variant="danger" title={error.title} isLiveRegion>
      {error.detail}
    </Alert>
  ) : null;
}
