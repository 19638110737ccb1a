import {
  Alert,
  Button,
  FileUpload,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Radio,
  TextInput,
} from '@patternfly/react-core';
import { type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { detailOf, type Failure } from '~/k8s/errors';
import { PrivateKeyError } from './PrivateKeyError';
import { privateKeyJwk } from './privateKeyJwk';
import type { Login } from './SshSession';

type Props = {
  user: string;
  onUser: (user: string) => void;
  /** How the session before ended. */
  failure: Failure | undefined;
  onLogIn: (login: Login) => void;
};

/** Asks who logs in. Password and key are kept in no storage, and the cluster sees neither. */
export function LoginForm({ user, onUser, failure, onLogIn }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  const [port, setPort] = useState('22');
  const [withKey, setWithKey] = useState(false);
  const [password, setPassword] = useState('');
  const [key, setKey] = useState('');
  const [fileName, setFileName] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<string>();
  const portNumber = Number(port);
  const isPort = Number.isInteger(portNumber) && portNumber > 0 && portNumber < 65_536;

  const submit = async () => {
    setProblem(undefined);
    try {
      const secret = withKey ? { key: await privateKeyJwk(key, passphrase) } : { password };
      onLogIn({ user, port: portNumber, secret });
    } catch (error) {
      if (!(error instanceof PrivateKeyError)) throw error;
      setProblem(t(error.reason));
    }
  };

  return (
    <Form
      className="vd-console__login"
      onSubmit={(event: SyntheticEvent) => {
        event.preventDefault();
        if (user !== '' && isPort) void submit();
      }}
    >
      {failure === undefined ? null : (
        <Alert isInline variant="info" title={t(failure.title)}>
          {detailOf(failure, t)}
        </Alert>
      )}
      <div className="vd-console__row">
        <FormGroup label={t('User name')} fieldId="vd-ssh-user" isRequired>
          <TextInput
            id="vd-ssh-user"
            value={user}
            autoComplete="off"
            spellCheck="false"
            isRequired
            onChange={(_event, value) => onUser(value)}
          />
        </FormGroup>
        <FormGroup label={t('Port')} fieldId="vd-ssh-port">
          <TextInput
            id="vd-ssh-port"
            value={port}
            inputMode="numeric"
            validated={isPort ? 'default' : 'error'}
            onChange={(_event, value) => setPort(value)}
          />
        </FormGroup>
      </div>
      <FormGroup role="radiogroup" label={t('Log in with')} fieldId="vd-ssh-with" isInline>
        <Radio
          id="vd-ssh-with-password"
          name="vd-ssh-with"
          label={t('Password')}
          isChecked={!withKey}
          onChange={() => setWithKey(false)}
        />
        <Radio
          id="vd-ssh-with-key"
          name="vd-ssh-with"
          label={t('Private key')}
          isChecked={withKey}
          onChange={() => setWithKey(true)}
        />
      </FormGroup>
      {withKey ? (
        <>
          <FormGroup label={t('Private key')} fieldId="vd-ssh-key" isRequired>
            <FileUpload
              id="vd-ssh-key"
              type="text"
              value={key}
              filename={fileName}
              filenamePlaceholder={t('Choose a file or paste the key')}
              browseButtonText={t('Choose file')}
              clearButtonText={t('Clear')}
              validated={problem === undefined ? 'default' : 'error'}
              aria-label={t('Text of the private key')}
              allowEditingUploadedText
              onFileInputChange={(_event, file) => setFileName(file.name)}
              onDataChange={(_event, value) => setKey(value)}
              onTextChange={(_event, value) => setKey(value)}
              onClearClick={() => {
                setFileName('');
                setKey('');
              }}
            />
            {problem === undefined ? null : (
              <FormHelperText>
                <HelperText>
                  <HelperTextItem variant="error">{problem}</HelperTextItem>
                </HelperText>
              </FormHelperText>
            )}
          </FormGroup>
          <FormGroup label={t('Passphrase')} fieldId="vd-ssh-passphrase">
            <TextInput
              id="vd-ssh-passphrase"
              type="password"
              autoComplete="off"
              value={passphrase}
              onChange={(_event, value) => setPassphrase(value)}
            />
          </FormGroup>
        </>
      ) : (
        <FormGroup label={t('Password')} fieldId="vd-ssh-password">
          <TextInput
            id="vd-ssh-password"
            type="password"
            autoComplete="off"
            value={password}
            onChange={(_event, value) => setPassword(value)}
          />
        </FormGroup>
      )}
      <HelperText>
        <HelperTextItem>
          {t(
            'The browser itself speaks SSH with the guest: the key stays in this page, and the password goes to nobody but the guest.',
          )}
        </HelperTextItem>
      </HelperText>
      <div>
        <Button type="submit" isDisabled={user === '' || !isPort || (withKey && key === '')}>
          {t('Log in')}
        </Button>
      </div>
    </Form>
  );
}
