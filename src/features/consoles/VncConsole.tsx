import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSyncExternalStore } from 'use-sync-external-store/shim';
import type { VmRef } from '~/api/vms';
import { ConsoleFrame } from './ConsoleFrame';
import { useConsoleSession } from './useConsoleSession';
import { useGuest } from './useGuest';
import { VncSession } from './VncSession';
import { VncTools } from './VncTools';

const hintId = 'vd-vnc-hint';
const notTyping = { get: () => 0, subscribe: () => () => undefined };

/** The screen of a running VirtualMachineInstance, with keyboard and mouse. */
export function VncConsole({ namespace, name, isOwnWindow }: VmRef & { isOwnWindow: boolean }) {
  const { t } = useTranslation('plugin__virtdeck');
  const vmi = useMemo(() => ({ namespace, name }), [namespace, name]);
  const guest = useGuest(vmi);
  const [notice, setNotice] = useState<string>();

  const create = useCallback(
    (element: HTMLElement) =>
      new VncSession(vmi, element, (canvas) => {
        // noVNC takes the canvas out of the tab order; then it can be reached by mouse only.
        canvas.tabIndex = 0;
        canvas.setAttribute('role', 'application');
        canvas.setAttribute('aria-label', t('Screen of {{name}}', { name: vmi.name }));
        canvas.setAttribute('aria-describedby', hintId);
      }),
    [vmi, t],
  );
  const { target, session, state } = useConsoleSession(guest, create);
  const typing = session?.typing ?? notTyping;
  const left = useSyncExternalStore(typing.subscribe, typing.get);

  return (
    <ConsoleFrame
      label={t('VNC console of {{name}}', { name })}
      kind="vnc"
      hintId={hintId}
      vm={vmi}
      isOwnWindow={isOwnWindow}
      guest={guest}
      state={state}
      target={target}
      notice={left > 0 ? t('Typing, {{left}} characters left', { left }) : notice}
      onOpen={(options) => session?.open(options)}
      onRelease={() => session?.release()}
      onHold={() => session?.hold()}
      tools={
        <VncTools
          session={session}
          isConnected={guest.state === 'running' && state.phase === 'connected'}
          fileName={`${namespace}-${name}`}
          onNotice={setNotice}
        />
      }
    />
  );
}
