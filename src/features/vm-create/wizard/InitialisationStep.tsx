import {
  Alert,
  Button,
  InputGroup,
  InputGroupItem,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { secrets } from '~/k8s/models';
import {
  cloudConfigMistake,
  isYaml,
  makePassword,
  readCloudConfig,
  writeCloudConfig,
} from '~/kubevirt/create/cloudConfig';
import { needsSecret } from '~/kubevirt/create/draftVm';
import { FieldGroup } from '~/ui/FieldGroup';

import { NamedChoice } from '../../forms/NamedChoice';
import type { StepProps } from './StepProps';
import { SysprepFields } from './SysprepFields';
import { TextField } from '~/ui/TextField';

const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** What cloud-init does at the first start, as a form and as YAML; one is read from the other. */
export function InitialisationStep({ draft, change, errorOf }: StepProps) {
  const { t } = useTranslation('plugin__virtdeck');
  const { userData, networkData } = draft;
  const isForm = isYaml(userData) && cloudConfigMistake(userData) === undefined;
  const config = readCloudConfig(userData);
  // While keys are typed, empty lines are there too, which the YAML has not.
  const [keys, setKeys] = useState({
    text: config.sshKeys.join('\n'),
    of: config.sshKeys.join('\n'),
  });
  const keyText = keys.of === config.sshKeys.join('\n') ? keys.text : config.sshKeys.join('\n');
  const set = (part: Parameters<typeof writeCloudConfig>[1]) =>
    change({ userData: writeCloudConfig(userData, part) });
  return (
    <>
      {isForm ? (
        <>
          <div className="vd-field-row">
            <TextField
              id="vd-user"
              label={t('User')}
              help={t('Empty for the one that the image has.')}
              value={config.user}
              onChange={(user) => set({ user })}
            />
            <PasswordField value={config.password} onChange={(password) => set({ password })} />
            <TextField
              id="vd-hostname"
              label={t('Host name')}
              help={t('Empty for the name of the virtual machine.')}
              value={config.hostname}
              onChange={(hostname) => set({ hostname })}
            />
          </div>
          <FieldGroup
            label={t('Public SSH keys')}
            fieldId="vd-ssh-keys"
            help={t('One in a line.')}
            error={undefined}
          >
            <TextArea
              id="vd-ssh-keys"
              className="vd-mono"
              rows={3}
              resizeOrientation="vertical"
              spellCheck={false}
              value={keyText}
              aria-describedby="vd-ssh-keys-help"
              onChange={(_event, text) => {
                const sshKeys = text
                  .split('\n')
                  .map((line) => line.trim())
                  .filter(Boolean);
                setKeys({ text, of: sshKeys.join('\n') });
                set({ sshKeys });
              }}
            />
          </FieldGroup>
        </>
      ) : (
        <Alert
          isInline
          isPlain
          component="h3"
          variant="info"
          title={t('The user data is no cloud-config that the form could show: edit it below.')}
        />
      )}
      <NamedChoice
        id="vd-ssh-secret"
        label={t('SSH keys of a secret')}
        model={secrets}
        namespace={draft.namespace}
        none={t('None')}
        value={draft.sshSecret}
        error={errorOf('sshSecret')}
        onChange={(sshSecret) => change({ sshSecret })}
      />
      {(
        [
          ['userData', t('User data'), userData, 9],
          ['networkData', t('Network data'), networkData, 4],
        ] as const
      ).map(([field, label, value, rows]) => (
        <FieldGroup key={field} label={label} fieldId={`vd-${field}`} error={errorOf(field)}>
          <TextArea
            id={`vd-${field}`}
            className="vd-mono"
            rows={rows}
            resizeOrientation="vertical"
            spellCheck={false}
            value={value}
            validated={errorOf(field) === undefined ? 'default' : 'error'}
            aria-describedby={`vd-${field}-help`}
            onChange={(_event, text) => change({ [field]: text })}
          />
        </FieldGroup>
      ))}
      <SysprepFields draft={draft} change={change} errorOf={errorOf} />
      {needsSecret(draft) ? (
        <Alert
          isInline
          isPlain
          component="h3"
          variant="info"
          title={t(
            'It is longer than 2048 bytes, and will be kept in a secret beside the virtual machine.',
          )}
        />
      ) : null}
    </>
  );
}

function PasswordField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('plugin__virtdeck');
  const [isShown, setShown] = useState(false);
  return (
    <FieldGroup label={t('Password')} fieldId="vd-password" error={undefined}>
      <InputGroup>
        <InputGroupItem isFill>
          <TextInput
            id="vd-password"
            type={isShown ? 'text' : 'password'}
            autoComplete="new-password"
            value={value}
            onChange={(_event, text) => onChange(text)}
          />
        </InputGroupItem>
        <InputGroupItem>
          <Button variant="control" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? t('Hide') : t('Show')}
          </Button>
        </InputGroupItem>
        <InputGroupItem>
          <Button
            variant="control"
            onClick={() => {
              onChange(makePassword(randomBytes));
              setShown(true);
            }}
          >
            {t('Make one')}
          </Button>
        </InputGroupItem>
      </InputGroup>
    </FieldGroup>
  );
}
