import { useTranslation } from 'react-i18next';

import type { Origin } from '~/kubevirt/create/origin';
import { FieldGroup } from '~/ui/FieldGroup';
import { RadioCard } from '~/ui/RadioCard';

import { useOriginChoices } from './originChoices';

interface Props {
  value: Origin;
  onChoose: (origin: Origin) => void;
}

export function OriginCards({ value, onChoose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const choices = useOriginChoices();
  return (
    <FieldGroup
      label={t('Where the system comes from')}
      fieldId="vd-source-kind"
      role="radiogroup"
      error={undefined}
    >
      <div className="vd-radio-cards">
        {choices.map(({ kind, title, text, disabledReason }) => (
          <RadioCard
            key={kind}
            name="vd-source-kind"
            value={kind}
            title={title}
            isChecked={kind === value}
            isDisabled={disabledReason !== undefined}
            onChoose={() => onChoose(kind)}
          >
            <span className="vd-hint">{disabledReason ?? text}</span>
          </RadioCard>
        ))}
      </div>
    </FieldGroup>
  );
}
