import { Button, Checkbox, TextInput } from '@patternfly/react-core';
import PlusCircleIcon from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useTranslation } from 'react-i18next';

import type { TemplateParameter } from '~/kubevirt/templates/templateRow';
import '~/ui/forms.css';

interface Props {
  parameters: readonly TemplateParameter[];
  onChange: (parameters: readonly TemplateParameter[]) => void;
}

type TextKey = 'name' | 'value' | 'from' | 'displayName' | 'description';

/** The parameters of a template, to be changed, added and taken away. */
export function ParametersField({ parameters, onChange }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const change = (index: number, next: TemplateParameter) =>
    onChange(parameters.map((one, other) => (other === index ? next : one)));
  const withText = (one: TemplateParameter, key: TextKey, text: string): TemplateParameter => {
    if (key === 'name') return { ...one, name: text };
    const { [key]: _before, generate, ...rest } = one;
    const kept = { ...rest, ...(text !== '' && { [key]: text }) };
    if (key !== 'from') return { ...kept, ...(generate !== undefined && { generate }) };
    return text === '' ? kept : { ...kept, generate: 'expression' };
  };
  const texts: readonly (readonly [TextKey, string])[] = [
    ['name', t('Name')],
    ['displayName', t('Display name')],
    ['value', t('Value')],
    ['from', t('Generated from, when empty')],
    ['description', t('Description')],
  ];
  return (
    <fieldset className="vd-form-group">
      <legend>{t('Parameters')}</legend>
      <p className="vd-hint">
        {t(
          'In the template, ${NAME} stands for the value of NAME. A value can be generated: vm-[a-z0-9]{5}.',
        )}
      </p>
      <div className="vd-pairs">
        {parameters.map((parameter, index) => (
          // The parameters have no identity but their place while their names are typed.
          <div key={index} className="vd-parameter" role="group" aria-label={parameter.name}>
            {texts.map(([key, label]) => (
              <label key={key} className="vd-parameter-field">
                <span className="vd-hint">{label}</span>
                <TextInput
                  aria-label={`${label} ${index + 1}`}
                  value={parameter[key] ?? ''}
                  onChange={(_event, text) => change(index, withText(parameter, key, text))}
                />
              </label>
            ))}
            <Checkbox
              id={`vd-parameter-required-${index}`}
              label={t('Required')}
              isChecked={parameter.required === true}
              onChange={(_event, required) => {
                const { required: _before, ...rest } = parameter;
                change(index, required ? { ...rest, required } : rest);
              }}
            />
            <Button
              variant="link"
              isInline
              isDanger
              onClick={() => onChange(parameters.filter((_one, other) => other !== index))}
            >
              {t('Remove')}
            </Button>
          </div>
        ))}
        <Button
          variant="link"
          isInline
          icon={<PlusCircleIcon />}
          onClick={() => onChange([...parameters, { name: '' }])}
        >
          {t('Add parameter')}
        </Button>
      </div>
    </fieldset>
  );
}
