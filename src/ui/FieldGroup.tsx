import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  /** Id of the input inside. Its `aria-describedby` should be `<id>-help`. */
  fieldId: string;
  isRequired?: boolean;
  /** Shown while there is no error. */
  help?: string | undefined;
  error: string | undefined;
  /** Set where there are several inputs. */
  role?: 'radiogroup' | 'group';
  children: ReactNode;
}

/** A field with its label, and below it the error or a hint. */
export function FieldGroup(props: Props) {
  const text = props.error ?? props.help;
  return (
    <FormGroup
      label={props.label}
      fieldId={props.fieldId}
      isRequired={props.isRequired === true}
      {...(props.role ? { role: props.role } : {})}
    >
      {props.children}
      {text === undefined ? null : (
        <FormHelperText>
          <HelperText id={`${props.fieldId}-help`} isLiveRegion>
            <HelperTextItem variant={props.error === undefined ? 'default' : 'error'}>
              <span className="vd-server-text">{text}</span>
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
