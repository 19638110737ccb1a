import { TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { readSysprep, type SysprepSource, writeSysprep } from '~/kubevirt/vmSysprep';
import { FieldGroup } from '~/ui/FieldGroup';

import { ChoiceField } from '~/ui/ChoiceField';
import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

/** Where Windows finds the answers to the questions of its setup. */
export function VmSysprepModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [source, setSource] = useState<SysprepSource>(() => readSysprep(vm));
  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      size="small"
      title={t('Sysprep')}
      description={t('Windows reads it at its first start, from a CD-ROM.')}
      edit={(one) => writeSysprep(one, source)}
      elementToFocus="#vd-sysprep-name"
      onClose={onClose}
    >
      <ChoiceField
        id="vd-sysprep-kind"
        label={t('Kept in a')}
        value={source.kind}
        choices={[
          { value: 'configMap', label: 'ConfigMap' },
          { value: 'secret', label: 'Secret' },
        ]}
        onChange={(kind) => setSource({ ...source, kind })}
      />
      <FieldGroup
        label={t('Name')}
        fieldId="vd-sysprep-name"
        help={t('With the file autounattend.xml or unattend.xml. Empty takes it away.')}
        error={undefined}
      >
        <TextInput
          id="vd-sysprep-name"
          aria-describedby="vd-sysprep-name-help"
          value={source.name}
          autoComplete="off"
          onChange={(_event, name) => setSource({ ...source, name: name.trim() })}
        />
      </FieldGroup>
    </VmEditModal>
  );
}
