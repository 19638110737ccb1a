import { TextArea } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { configMaps, secrets } from '~/k8s/models';
import { FieldGroup } from '~/ui/FieldGroup';

import { ChoiceField } from '~/ui/ChoiceField';
import { NamedChoice } from '../../forms/NamedChoice';
import type { StepProps } from './StepProps';

/** The answers that Windows is installed with: an object that has them, or typed. */
export function SysprepFields({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { sysprep, namespace } = draft;
  const error = errorOf('sysprep');
  return (
    <>
      <ChoiceField
        id="vd-sysprep-kind"
        label={t('Answers for Windows (sysprep)')}
        value={sysprep.kind}
        choices={[
          { value: '' as const, label: t('None') },
          { value: 'typed', label: t('Typed here') },
          { value: 'ConfigMap', label: t('Of a config map') },
          { value: 'Secret', label: t('Of a secret') },
        ]}
        onChange={(kind) => change({ sysprep: { ...sysprep, kind } })}
      />
      {sysprep.kind === 'typed' ? (
        <FieldGroup
          label="unattend.xml"
          fieldId="vd-sysprep"
          help={t('It will be kept in a secret beside the virtual machine.')}
          error={error}
        >
          <TextArea
            id="vd-sysprep"
            className="vd-mono"
            rows={9}
            resizeOrientation="vertical"
            spellCheck={false}
            value={sysprep.text}
            validated={error === undefined ? 'default' : 'error'}
            aria-describedby="vd-sysprep-help"
            onChange={(_event, text) => change({ sysprep: { ...sysprep, text } })}
          />
        </FieldGroup>
      ) : sysprep.kind === '' ? null : (
        <NamedChoice
          id="vd-sysprep"
          label={sysprep.kind === 'Secret' ? t('Secret') : t('Config map')}
          model={sysprep.kind === 'Secret' ? secrets : configMaps}
          namespace={namespace}
          none={t('Choose one')}
          help={t('With the key autounattend.xml or unattend.xml.')}
          value={sysprep.name}
          error={error}
          onChange={(name) => change({ sysprep: { ...sysprep, name } })}
        />
      )}
    </>
  );
}
