import { Alert, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parse } from 'yaml';

import { readCloudInit, writeCloudInit } from '~/kubevirt/vmAccess';
import { FieldGroup } from '~/ui/FieldGroup';

import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

function mistakeOf(text: string): string | undefined {
  // Scripts are taken too.
  if (text.trim() === '' || text.startsWith('#!')) return undefined;
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What cloud-init does in the guest at its first start. */
export function VmCloudInitModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [values, setValues] = useState(() => readCloudInit(vm));
  const { userData, networkData } = values;
  const userMistake = mistakeOf(userData);
  const networkMistake = mistakeOf(networkData);
  const fields = [
    { key: 'userData', label: t('User data'), value: userData, error: userMistake, rows: 12 },
    {
      key: 'networkData',
      label: t('Network data'),
      value: networkData,
      error: networkMistake,
      rows: 5,
    },
  ] as const;
  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      title={t('Cloud-init')}
      description={t('Most guests read it at their first start only.')}
      edit={(one) => writeCloudInit(one, values)}
      invalidReason={
        (userMistake ?? networkMistake) === undefined ? undefined : t('Correct the value first.')
      }
      onClose={onClose}
    >
      {values.isElsewhere ? (
        <Alert
          isInline
          component="h2"
          variant="info"
          title={t('A part of it is in a secret, which goes before what is written here.')}
        />
      ) : null}
      {fields.map(({ key, label, value, error, rows }) => (
        <FieldGroup key={key} label={label} fieldId={`vd-${key}`} error={error}>
          <TextArea
            id={`vd-${key}`}
            className="vd-mono"
            aria-describedby={`vd-${key}-help`}
            value={value}
            rows={rows}
            resizeOrientation="vertical"
            onChange={(_event, next) => setValues({ ...values, [key]: next })}
          />
        </FieldGroup>
      ))}
    </VmEditModal>
  );
}
