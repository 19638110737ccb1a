import { Alert, Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { HostKeyQuestion, SshSession } from './SshSession';

type Props = { question: HostKeyQuestion; session: SshSession; name: string };

/** Whether the guest is the one that is meant: asked at the first login, refused after a change. */
export function HostKeyPanel({ question, session, name }: Props) {
  const { t } = useTranslation('plugin__virtdeck');
  if (question.kind === 'unknown') {
    const { key, answer } = question;
    return (
      <div className="vd-console__message" role="group" aria-label={t('Host key')}>
        <h2 className="vd-console__title">{t('Is this the host key of {{name}}?', { name })}</h2>
        <p>
          {t(
            'You log in to this guest for the first time with this browser. In the guest, ssh-keygen -l shows the fingerprints of its keys.',
          )}
        </p>
        <p className="vd-console__detail">
          {key.type} <code>{key.fingerprint}</code>
        </p>
        <div className="vd-console__actions">
          <Button onClick={() => answer(true)}>{t('Trust and log in')}</Button>
          <Button variant="link" onClick={() => answer(false)}>
            {t('Cancel')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="vd-console__message">
      <Alert
        isInline
        variant="danger"
        title={t('The host key of {{name}} has changed', { name })}
        actionLinks={
          <Button variant="link" isInline onClick={() => session.forgetKeys()}>
            {t('Forget the old key')}
          </Button>
        }
      >
        <p>
          {t(
            'Somebody may be listening between you and the guest, or the guest was installed anew or restored. No password and no key was sent. Ask who looks after the guest, then forget the old key.',
          )}
        </p>
        <p className="vd-console__detail">
          {t('Known: {{fingerprint}}', {
            fingerprint: `${question.known.type} ${question.known.fingerprint}`,
          })}
        </p>
        <p className="vd-console__detail">
          {t('Shown now: {{fingerprint}}', {
            fingerprint: `${question.key.type} ${question.key.fingerprint}`,
          })}
        </p>
      </Alert>
    </div>
  );
}
