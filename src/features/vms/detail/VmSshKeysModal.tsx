import { Radio, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { readSshKeys, writeSshKeys } from '~/kubevirt/vmAccess';
import { FieldGroup } from '~/ui/FieldGroup';

import { VmEditModal } from './VmEditModal';
import type { VmEditorProps } from './VmEditorProps';

/** Which secret's SSH keys let people in, and how they get into the guest. */
export function VmSshKeysModal({ vm, vmi, onClose }: VmEditorProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const [values, setValues] = useState(() => readSshKeys(vm));
  const [users, setUsers] = useState(() => values.users.join(', '));
  const userList = users.split(/[\s,]+/).filter((user) => user !== '');
  const isAgent = values.way === 'qemuGuestAgent' && values.secret !== '';
  return (
    <VmEditModal
      vm={vm}
      vmi={vmi}
      title={t('SSH keys')}
      edit={(one) => writeSshKeys(one, { ...values, users: userList })}
      invalidReason={isAgent && userList.length === 0 ? t('Name a user in the guest.') : undefined}
      onClose={onClose}
    >
      <FieldGroup
        label={t('Secret')}
        fieldId="vd-ssh-secret"
        error={undefined}
        help={t('In the same project; each of its values is a public key. Empty for none.')}
      >
        <TextInput
          id="vd-ssh-secret"
          aria-describedby="vd-ssh-secret-help"
          value={values.secret}
          onChange={(_event, secret) => setValues({ ...values, secret })}
        />
      </FieldGroup>
      <FieldGroup label={t('Given')} fieldId="vd-ssh-way" role="radiogroup" error={undefined}>
        <Radio
          id="vd-ssh-cloud"
          name="vd-ssh-way"
          label={t('At the first start, by cloud-init')}
          isChecked={values.way === 'noCloud'}
          onChange={() => setValues({ ...values, way: 'noCloud' })}
        />
        <Radio
          id="vd-ssh-agent"
          name="vd-ssh-way"
          label={t('While it runs, by the guest agent')}
          isChecked={values.way === 'qemuGuestAgent'}
          onChange={() => setValues({ ...values, way: 'qemuGuestAgent' })}
        />
      </FieldGroup>
      {values.way === 'qemuGuestAgent' ? (
        <FieldGroup
          label={t('Users')}
          fieldId="vd-ssh-users"
          error={undefined}
          help={t('Names in the guest, separated by commas.')}
        >
          <TextInput
            id="vd-ssh-users"
            aria-describedby="vd-ssh-users-help"
            value={users}
            onChange={(_event, text) => setUsers(text)}
          />
        </FieldGroup>
      ) : null}
    </VmEditModal>
  );
}
