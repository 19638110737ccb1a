import type {
  V1VirtualMachine,
  V1VirtualMachineInstance,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { FormSelect, FormSelectOption, TextArea, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parse, stringify } from 'yaml';

import { settingExamples } from '~/kubevirt/settingExamples';
import { readSetting, type Setting, writeSetting } from '~/kubevirt/vmSettings';
import { FieldGroup } from '~/ui/FieldGroup';
import { type Pair, PairsField } from '~/ui/PairsField';

import { VmEditModal } from './VmEditModal';

/** Settings of a kind that is written in a dialog; switches are flipped where they stand. */
export type DialogSetting = Exclude<Setting, { kind: 'switch' }>;

interface Props {
  vm: V1VirtualMachine;
  vmi: V1VirtualMachineInstance | undefined;
  setting: DialogSetting;
  onClose: () => void;
}

/** What stands in the fields, as text or pairs. */
type Draft = { text: string; pairs: readonly Pair[] };

function draftOf(setting: DialogSetting, vm: V1VirtualMachine): Draft {
  const empty: Draft = { text: '', pairs: [] };
  switch (setting.kind) {
    case 'pairs':
      return { ...empty, pairs: Object.entries(readSetting(setting, vm)) };
    case 'yaml': {
      const value = readSetting(setting, vm);
      return { ...empty, text: value === undefined ? '' : stringify(value) };
    }
    case 'number': {
      const value = readSetting(setting, vm);
      return { ...empty, text: value === undefined ? '' : String(value) };
    }
    case 'text':
    case 'multiline':
    case 'select':
      return { ...empty, text: readSetting(setting, vm) };
  }
}

type Parsed = { edit: (vm: V1VirtualMachine) => V1VirtualMachine } | { problem: string };

function parseDraft(setting: DialogSetting, { text, pairs }: Draft, badNumber: string): Parsed {
  switch (setting.kind) {
    case 'pairs': {
      const value = Object.fromEntries(pairs.filter(([key]) => key !== ''));
      return { edit: (vm) => writeSetting(setting, vm, value) };
    }
    case 'yaml': {
      try {
        const value: unknown = text.trim() === '' ? undefined : parse(text);
        return { edit: (vm) => writeSetting(setting, vm, value) };
      } catch (error) {
        return { problem: error instanceof Error ? error.message : String(error) };
      }
    }
    case 'number': {
      const value = text === '' ? undefined : Number(text);
      if (value !== undefined && !(Number.isInteger(value) && value >= 0)) {
        return { problem: badNumber };
      }
      return { edit: (vm) => writeSetting(setting, vm, value) };
    }
    case 'text':
    case 'multiline':
    case 'select':
      return { edit: (vm) => writeSetting(setting, vm, text) };
  }
}

/** Changes one simple value of a VM. */
export function VmSettingModal({ vm, vmi, setting, onClose }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [draft, setDraft] = useState(() => draftOf(setting, vm));
  const parsed = parseDraft(setting, draft, t('Give a whole number.'));
  const problem = 'problem' in parsed ? parsed.problem : undefined;
  const id = `vd-setting-${setting.id}`;
  const label = t(setting.label);
  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      title={label}
      edit={'edit' in parsed ? parsed.edit : (same) => same}
      invalidReason={problem === undefined ? undefined : t('Correct the value first.')}
      onClose={onClose}
    >
      <FieldGroup
        label={setting.kind === 'number' ? `${label} (${setting.unit})` : label}
        fieldId={id}
        error={problem}
        help={setting.help === undefined ? undefined : t(setting.help)}
      >
        <Field id={id} setting={setting} draft={draft} onChange={setDraft} />
      </FieldGroup>
    </VmEditModal>
  );
}

interface FieldProps {
  id: string;
  setting: DialogSetting;
  draft: Draft;
  onChange: (draft: Draft) => void;
}

function Field({ id, setting, draft, onChange }: FieldProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const onText = (text: string) => onChange({ ...draft, text });
  const shared = { id, value: draft.text, 'aria-describedby': `${id}-help` };
  switch (setting.kind) {
    case 'pairs':
      return (
        <PairsField
          pairs={draft.pairs}
          onChange={(pairs) => onChange({ ...draft, pairs })}
          labels={{ key: t('Key'), value: t('Value'), add: t('Add'), remove: t('Remove') }}
        />
      );
    case 'select':
      return (
        <FormSelect {...shared} onChange={(_event, value) => onText(value)}>
          {setting.options.map(({ value, label }) => (
            <FormSelectOption key={value} value={value} label={t(label)} />
          ))}
        </FormSelect>
      );
    case 'yaml':
    case 'multiline':
      return (
        <TextArea
          {...shared}
          className={setting.kind === 'yaml' ? 'vd-mono' : ''}
          rows={setting.kind === 'yaml' ? 12 : 4}
          placeholder={settingExamples[setting.id]}
          resizeOrientation="vertical"
          onChange={(_event, value) => onText(value)}
        />
      );
    case 'number':
    case 'text':
      return <TextInput {...shared} onChange={(_event, value) => onText(value)} />;
  }
}
