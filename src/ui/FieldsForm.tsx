import {
  Checkbox,
  FormSelect,
  FormSelectOption,
  TextArea,
  TextInput,
} from '@patternfly/react-core';

import { FieldGroup } from './FieldGroup';
import './forms.css';
import { type Pair, PairsField } from './PairsField';

export interface FieldView {
  id: string;
  kind: 'text' | 'longText' | 'number' | 'choice' | 'flag' | 'pairs';
  label: string;
  help?: string | undefined;
  error: string | undefined;
  isRequired?: boolean;
  /** Of a flag: `true` or ''. */
  text: string;
  pairs?: readonly Pair[];
  choices?: readonly { value: string; label: string }[];
}

export interface FieldGroupView {
  id: string;
  title: string;
  fields: readonly FieldView[];
}

interface Props {
  groups: readonly FieldGroupView[];
  pairLabels: { key: string; value: string; add: string; remove: string };
  onText: (id: string, text: string) => void;
  onPairs: (id: string, pairs: readonly Pair[]) => void;
}

/** Ids of inputs, by those of the fields: dots would be classes in selectors. */
export function inputId(id: string): string {
  return `vd-field-${id.replaceAll(/[^\w-]/g, '-')}`;
}

/** Many fields under a few headings, in columns where there is room. */
export function FieldsForm({ groups, ...handlers }: Props) {
  return (
    <>
      {groups.map(({ id, title, fields }) => (
        <fieldset key={id} className="vd-form-group">
          {/* A field alone in its group, and called as the group, is heading enough. */}
          {fields.length === 1 && fields[0]?.label === title ? null : <legend>{title}</legend>}
          <div className="vd-field-row">
            {fields.map((field) => (
              <div
                key={field.id}
                className={
                  field.kind === 'pairs' || field.kind === 'longText' ? 'vd-wide-field' : ''
                }
              >
                <Field field={field} {...handlers} />
              </div>
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}

function Field({
  field,
  pairLabels,
  onText,
  onPairs,
}: Omit<Props, 'groups'> & { field: FieldView }) {
  const { id, kind, label, help, error, text } = field;
  const input = inputId(id);
  if (kind === 'flag') {
    return (
      <Checkbox
        id={input}
        label={label}
        {...((error ?? help) === undefined ? {} : { description: error ?? help })}
        isChecked={text === 'true'}
        onChange={(_event, checked) => onText(id, checked ? 'true' : '')}
      />
    );
  }
  const shared = {
    id: input,
    value: text,
    'aria-describedby': `${input}-help`,
    validated: error === undefined ? ('default' as const) : ('error' as const),
  };
  return (
    <FieldGroup
      label={label}
      fieldId={input}
      isRequired={field.isRequired === true}
      help={help}
      error={error}
      {...(kind === 'pairs' ? { role: 'radiogroup' as const } : {})}
    >
      {kind === 'pairs' ? (
        <PairsField
          pairs={field.pairs ?? []}
          labels={{ ...pairLabels, key: `${label}: ${pairLabels.key}` }}
          onChange={(pairs) => onPairs(id, pairs)}
        />
      ) : kind === 'choice' ? (
        <FormSelect {...shared} onChange={(_event, next) => onText(id, next)}>
          {(field.choices ?? []).map((choice) => (
            <FormSelectOption key={choice.value} {...choice} />
          ))}
        </FormSelect>
      ) : kind === 'longText' ? (
        <TextArea
          {...shared}
          rows={2}
          resizeOrientation="vertical"
          onChange={(_event, next) => onText(id, next)}
        />
      ) : (
        <TextInput
          {...shared}
          autoComplete="off"
          isRequired={field.isRequired === true}
          {...(kind === 'number' ? { inputMode: 'numeric' as const } : {})}
          onChange={(_event, next) => onText(id, next)}
        />
      )}
    </FieldGroup>
  );
}
