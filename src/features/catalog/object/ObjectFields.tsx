import { useTranslation } from 'react-i18next';

import { useProjectChoices } from '~/api/projects';
import {
  fieldGroups,
  fieldId,
  fieldMistake,
  fieldMistakes,
  fieldPairs,
  fieldText,
  type FormField,
  withFieldPairs,
  withFieldText,
} from '~/kubevirt/catalog/formFields';
import { FieldsForm, type FieldView } from '~/ui/FieldsForm';

interface Props<T extends object> {
  object: T;
  fields: readonly FormField[];
  /** Say of fields that are needed that they are empty. */
  showsRequired: boolean;
  /** What the server refuses, by field. */
  refusals: Readonly<Record<string, string>>;
  onChange: (object: T) => void;
}

/** The form over an object: each field reads and writes one place of it. */
export function ObjectFields<T extends object>(props: Props<T>) {
  const { t } = useTranslation('plugin__virtdeck');
  const { object, fields, onChange } = props;
  const projects = useProjectChoices(fields.some(({ kind }) => kind === 'project'));

  const kindOf = ({ kind }: FormField): FieldView['kind'] => {
    switch (kind) {
      case 'devices':
        return 'pairs';
      case 'decision':
        return 'choice';
      case 'project':
        // Who may not list the projects types a name.
        return projects.isLoading || projects.names ? 'choice' : 'text';
      case 'quantity':
      case 'name':
        return 'text';
      default:
        return kind;
    }
  };
  const choicesOf = (field: FormField) => {
    if (field.kind === 'decision') {
      return [
        { value: '', label: t('Left to the cluster') },
        { value: 'true', label: t('Yes') },
        { value: 'false', label: t('No') },
      ];
    }
    if (field.kind !== 'choice' && field.kind !== 'project') return [];
    const now = fieldText(object, field);
    const known =
      field.kind === 'project'
        ? (projects.names ?? []).map((name) => ({ value: name, label: name }))
        : field.choices.map(({ value, label }) => ({ value, label: t(label) }));
    // What somebody has written as YAML is shown too.
    const other = now === '' || known.some(({ value }) => value === now) ? [] : [now];
    return [
      {
        value: '',
        label: field.kind === 'project' ? t('Choose a project') : t(field.unset ?? 'None'),
      },
      ...known,
      ...other.map((value) => ({ value, label: value })),
    ];
  };
  const view = (field: FormField): FieldView => {
    const mistake = fieldMistake(object, field);
    const isShown = mistake !== undefined && (mistake !== 'required' || props.showsRequired);
    const id = fieldId(field);
    const refusal = Object.entries(props.refusals).find(([place]) => place.startsWith(id))?.[1];
    return {
      ...{ id, kind: kindOf(field), label: t(field.label) },
      help: field.help === undefined ? undefined : t(field.help),
      error: isShown ? t(fieldMistakes[mistake]) : refusal,
      isRequired: field.isRequired === true,
      text: fieldText(object, field),
      pairs: fieldPairs(object, field),
      choices: choicesOf(field),
    };
  };
  const change = (id: string, write: (field: FormField) => T) => {
    const field = fields.find((one) => fieldId(one) === id);
    if (field) onChange(write(field));
  };
  return (
    <FieldsForm
      groups={fieldGroups.flatMap(({ id, label }) => {
        const own = fields.filter(({ group }) => group === id);
        return own.length === 0 ? [] : [{ id, title: t(label), fields: own.map(view) }];
      })}
      pairLabels={{
        key: t('Key'),
        value: t('Value'),
        add: t('Add'),
        remove: t('Remove'),
      }}
      onText={(id, text) => change(id, (field) => withFieldText(object, field, text))}
      onPairs={(id, pairs) => change(id, (field) => withFieldPairs(object, field, pairs))}
    />
  );
}
