import type { V1VirtualMachine } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import { Button } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import { useAccess } from '~/api/access';
import { useWatchObject } from '~/api/useWatch';
import type { VmRef } from '~/api/vms';
import { virtualMachines } from '~/k8s/models';
import { sshUser } from '~/kubevirt/sshUser';
import { ConsoleFrame } from '../ConsoleFrame';
import { TerminalTools } from '../TerminalTools';
import { useClipboardCopy } from '../useClipboardCopy';
import { useConsoleSession } from '../useConsoleSession';
import { useGuest } from '../useGuest';
import { HostKeyPanel } from './HostKeyPanel';
import { LoginForm } from './LoginForm';
import { type HostKeyQuestion, SshSession } from './SshSession';

const hintId = 'vd-ssh-hint';
const noQuestion = {
  get: (): HostKeyQuestion | undefined => undefined,
  subscribe: () => () => undefined,
};

/** A shell of the running guest by SSH, spoken by the browser over a forwarded port. */
export function SshConsole({ namespace, name, isOwnWindow }: VmRef & { isOwnWindow: boolean }) {
  const { t } = useTranslation('plugin__virtdeck');
  const vmi = useMemo(() => ({ namespace, name }), [namespace, name]);
  const guest = useGuest(vmi);
  const [notice, setNotice] = useState<string>();
  const copy = useClipboardCopy(setNotice);
  const knownUser = useKnownUser(vmi);
  // Who it was stays in the form after a refusal; what they log in with does not.
  const [typedUser, setUser] = useState<string>();
  const obstacle = useObstacle(vmi);
  // Known from the first run on: the session outlives the restarts of its guest.
  const [machine, setMachine] = useState('');
  if (guest.state === 'running' && guest.machine !== machine) setMachine(guest.machine);

  const create = useCallback(
    (element: HTMLElement) =>
      new SshSession(vmi, element, {
        machine,
        label: t('SSH terminal of {{name}}', { name: vmi.name }),
        onCopy: (text) => void copy(text),
        againText: t(
          '--- A new session. What ran in the one before ended with the connection. ---',
        ),
      }),
    [vmi, machine, t, copy],
  );
  const { target, session, state } = useConsoleSession(guest, create);
  const asked = session?.question ?? noQuestion;
  const question = useSyncExternalStore(asked.subscribe, asked.get);
  const terminal = session?.terminal;
  const isConnected = guest.state === 'running' && state.phase === 'connected';

  const instead = () => {
    if (obstacle !== undefined) return <p className="vd-console__message">{obstacle}</p>;
    if (session === undefined) return undefined;
    if (question !== undefined) {
      return <HostKeyPanel question={question} session={session} name={name} />;
    }
    if (state.phase !== 'idle' && state.phase !== 'closed') return undefined;
    return (
      <LoginForm
        user={typedUser ?? knownUser}
        onUser={setUser}
        failure={state.phase === 'closed' ? state.failure : undefined}
        onLogIn={(login) => session.logIn(login)}
      />
    );
  };

  return (
    <ConsoleFrame
      label={t('SSH console of {{name}}', { name })}
      kind="ssh"
      hintId={hintId}
      vm={vmi}
      isOwnWindow={isOwnWindow}
      guest={guest}
      state={state}
      target={target}
      notice={notice}
      instead={instead()}
      onOpen={() => session?.open()}
      onRelease={() => terminal?.release()}
      onHold={() => undefined}
      tools={
        <>
          <TerminalTools
            terminal={terminal}
            isConnected={isConnected}
            fileName={`${namespace}-${name}-ssh.log`}
            searchLabel={t('Search the SSH terminal')}
            onCopy={copy}
            onNotice={setNotice}
          />
          {isConnected || state.phase === 'lost' ? (
            <Button size="sm" variant="secondary" onClick={() => session?.logOut()}>
              {t('Log out')}
            </Button>
          ) : null}
        </>
      }
    />
  );
}

/** Whom the VM's definition names; empty where nobody is named. */
function useKnownUser(vm: VmRef): string {
  const watched = useWatchObject<V1VirtualMachine>({ model: virtualMachines, ...vm });
  if (watched.state !== 'ready' || watched.data === undefined) return '';
  return sshUser(watched.data) ?? '';
}

/** Why there can be no session here. */
function useObstacle({ namespace }: VmRef): string | undefined {
  const { t } = useTranslation('plugin__virtdeck');
  const access = useAccess({
    ...{ verb: 'get', group: 'subresources.kubevirt.io', namespace },
    ...{ resource: 'virtualmachineinstances', subresource: 'portforward' },
  });
  if (!access.allowed) {
    return t('You may not forward ports of virtual machines in the project {{namespace}}.', {
      namespace,
    });
  }
  // Browsers have Web Cryptography on pages that nobody can have changed on the way.
  if (!window.isSecureContext) {
    return t('SSH in the browser needs a page that was loaded by HTTPS.');
  }
  return undefined;
}
